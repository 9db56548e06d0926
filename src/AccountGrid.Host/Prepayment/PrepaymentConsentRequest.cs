namespace AccountGrid.Host.Prepayment;

/// <param name="Reference">Reference to what the customer signed.</param>
/// <param name="TextVersion">Version of the text that was signed: the offer's.</param>
/// <param name="DebtSharePercent">Where something is owed at the switch, it becomes a debt that this share of each payment recovers; percent with at most two
/// decimals.</param>
/// <param name="DebtPerDay">And this amount per day, decimal string. With neither nothing may be owed.</param>
public sealed record PrepaymentConsentRequest(string Reference, string TextVersion, decimal DebtSharePercent = 0, string DebtPerDay = "0");
