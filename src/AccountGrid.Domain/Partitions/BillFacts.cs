using System.Text.Json.Serialization;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Partitions;

/// <summary>
/// What a bill says, frozen when it is closed. <c>Amount</c> is the period's charges and corrections of earlier days, in the currency's digits; what rounding
/// leaves over goes to the next bill.
/// </summary>
/// <param name="Number">Bills of the account so far.</param>
/// <param name="DueDay">0 where nothing is to be paid.</param>
/// <param name="Corrections">Of days that were billed before.</param>
/// <param name="Carried">Rounding of earlier bills that is in this one.</param>
/// <param name="Debits">Debits beside charges that this bill asks for: adjustments, parts of a debt that fell due, what was taken back.</param>
/// <param name="Payments">Credits since the last bill, less what was taken back and paid out.</param>
/// <param name="Arrears">Unpaid of what earlier bills asked for.</param>
/// <param name="Fees">Unpaid late fees.</param>
/// <param name="Balance">By the ledger at the bill's closing.</param>
/// <param name="ToPay">What is then unpaid, earlier bills and late fees included, in the currency's digits; what was paid ahead is taken off.</param>
/// <param name="Items">
/// What <c>Arrears</c> and <c>Debits</c> are made of: those that an earlier bill asked for sum to the first, the others to the second.
/// </param>
/// <param name="Open">What of <c>Amount</c> itself was unpaid right after the closing; 0 for a statement and for a bill that is a credit.</param>
/// <param name="IsFinal">The account is closed, and nothing is left for a later bill.</param>
/// <param name="TwoPart">Of months under two-part tariffs; null where there is none.</param>
public sealed record BillFacts(
    int Number, int FromDay, int ToDay, int DueDay, string Currency, long EnergyWh, ChargeParts Parts, WideMoney Corrections,
    [property: JsonPropertyName("carriedNano"), JsonConverter(typeof(NanoConverter))] Money Carried, Money Amount,
    Money Debits, Money Payments, Money Arrears, Money Fees,
    Money Balance, Money ToPay, string Policy, IReadOnlyList<BillItem>? Items = null, Money Open = default, bool IsFinal = false,
    IReadOnlyList<TwoPartFacts>? TwoPart = null);
