namespace AccountGrid.Host.Collections;

/// <param name="SharePercent">Share of each payment, percent with at most two decimals.</param>
/// <param name="PerDay">Amount per day, decimal string.</param>
public sealed record DebtRequest(string Amount, string Reason, decimal SharePercent = 0, string PerDay = "0");
