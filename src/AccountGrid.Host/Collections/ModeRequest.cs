namespace AccountGrid.Host.Collections;

/// <param name="Mode"><c>prepaid</c>, <c>postpaid</c> or <c>instalments</c>.</param>
/// <param name="Consent">Reference to what the customer signed; needed for prepaid.</param>
/// <param name="DebtSharePercent">Where something is owed, it becomes a debt that this share of each payment recovers; percent with at most two
/// decimals.</param>
/// <param name="DebtPerDay">And this amount per day, decimal string. With neither nothing may be owed.</param>
public sealed record ModeRequest(string Mode, string? Consent = null, decimal DebtSharePercent = 0, string DebtPerDay = "0");
