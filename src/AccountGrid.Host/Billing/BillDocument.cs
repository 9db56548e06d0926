namespace AccountGrid.Host.Billing;

/// <summary>A bill as it is shown, frozen. Money is decimal text with nine decimals but for <see cref="Total"/>, which is in the currency's digits.</summary>
/// <param name="Due">Null where nothing is to be paid: a prepaid account's statement.</param>
/// <param name="Debits">Debits beside charges that it asks for: adjustments, parts of a debt that fell due, what was taken back.</param>
/// <param name="Arrears">Unpaid of earlier bills when this one was closed.</param>
/// <param name="ToPay">What is to be paid by the due day: the total, debits, arrears and late fees less what was paid ahead.</param>
public sealed record BillDocument(
    string Id, string Account, int Number, string From, string To, string? Due, string Currency, long EnergyWh, IReadOnlyList<BillLine> Lines, string Total,
    string Debits, string Payments, string Arrears, string LateFees, string Balance,
    string ToPay, string Policy, DateTimeOffset ClosedAt, IReadOnlyList<BillMeter>? Meters = null);
