namespace AccountGrid.Host.Billing;

/// <summary>
/// A bill as it is shown, frozen. Money is decimal text with nine decimals but for <see cref="Total"/>, which is in the currency's digits. Names are added
/// when it is shown; references and reasons in it go when the customer's texts are erased, see <c>erase_texts</c> in the schema.
/// </summary>
/// <param name="Due">Null where nothing is to be paid: a prepaid account's statement.</param>
/// <param name="Debits">Debits beside charges that it asks for: adjustments, parts of a debt that fell due, what was taken back.</param>
/// <param name="Arrears">Unpaid of earlier bills when this one was closed.</param>
/// <param name="ToPay">What is to be paid by the due day: the total, debits, arrears and late fees less what was paid ahead.</param>
/// <param name="IncludedTaxes">What of the period's charges are taxes that the prices include: no part of the sum.</param>
/// <param name="Owed">What arrears and debits are made of.</param>
/// <param name="Credits">What payments are made of, the latest 200; <paramref name="MoreCredits"/> is the sum of older ones.</param>
/// <param name="Corrections">Changes of days before the bill's, which its lines sum up.</param>
/// <param name="Opening">Balance at the bill before, or where the account's billing began.</param>
/// <param name="Movements">What the balance changed by since, up to the closing; charges of days after the bill's can be among it.</param>
/// <param name="Months">Use by the month in which periods end, thirteen at most, this bill's last.</param>
/// <param name="Open">What of the total was unpaid right after the closing.</param>
/// <param name="Issued">Local day of the closing.</param>
/// <param name="IsFinal">The account is closed, and nothing is left for a later bill but what changes.</param>
/// <param name="TwoPart">Of months under two-part tariffs; null where there is none.</param>
public sealed record BillDocument(
    string Id, string Account, int Number, string From, string To, string? Due, string Currency, long EnergyWh, IReadOnlyList<BillLine> Lines, string Total,
    string Debits, string Payments, string Arrears, string LateFees, string Balance,
    string ToPay, string Policy, DateTimeOffset ClosedAt, IReadOnlyList<BillMeter>? Meters = null, IReadOnlyList<BillOwed>? Owed = null,
    IReadOnlyList<BillCredit>? Credits = null, string? MoreCredits = null, IReadOnlyList<BillCorrection>? Corrections = null, string? Opening = null,
    IReadOnlyList<BillMovement>? Movements = null, IReadOnlyList<BillMonth>? Months = null, string? Open = null, string? Issued = null,
    IReadOnlyList<BillLine>? IncludedTaxes = null, bool IsFinal = false, IReadOnlyList<BillTwoPart>? TwoPart = null);
