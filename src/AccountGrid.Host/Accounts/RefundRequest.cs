namespace AccountGrid.Host.Accounts;

/// <param name="Amount">Decimal string, more than zero.</param>
public sealed record RefundRequest(string Amount, string? Reason = null);
