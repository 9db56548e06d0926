using AccountGrid.Domain;
using AccountGrid.Host.Payments;

namespace AccountGrid.Host.Reconciliation;

/// <summary>
/// Carries out corrections that a person accepted. Money moves by the commands of payment channels only, under ids that are made of the difference: whatever
/// dies in between, the same decision sent again or <see cref="CorrectionKeeper"/> goes on, and nothing is done twice.
/// </summary>
internal sealed class Corrections(ChannelPayments payments, Reconciliations reconciliations, ReconciliationItems items)
{
    /// <summary>Carries out an accepted correction and writes what it came to. One that is refused leaves its difference open; returns why.</summary>
    public async Task<Refusal?> EndAsync(PaymentChannelDefinition d, ReconciliationItemRow item)
    {
        var (outcome, refusal) = await CarryOutAsync(d, item);
        var day = item.Business_Day;
        await items.EndAsync(d.Id, day, item.Key, outcome);
        await reconciliations.RefreshAsync(d, day.AddDays(-Reconciliations.DaysBeside), day.AddDays(Reconciliations.DaysBeside));
        return refusal;
    }

    private async Task<(string? Outcome, Refusal? Refusal)> CarryOutAsync(PaymentChannelDefinition d, ReconciliationItemRow item)
    {
        switch (item.Proposal)
        {
            case Correction.Pair:
                await reconciliations.PairAsync(d.Id, item.Line_Key!, item.Own_Txn!, item.Decided_By!);
                return ("paired", null);
            case Correction.BookPayment:
                return await BookAsync(d, item, item.Txn ?? OwnId(item, "P"));
            case Correction.ReversePayment:
                return await ReverseAsync(d, item, item.Amount_Nano ?? item.Own_Amount_Nano!.Value);
            case Correction.RebookPayment:
                var (reversed, refusal) = await ReverseAsync(d, item, item.Own_Amount_Nano!.Value);
                return refusal is not null ? (null, refusal) : await BookAsync(d, item, OwnId(item, "P")) is var (booked, no) && no is not null
                    ? (null, no)
                    : ($"{reversed}, {booked}", null);
            default:
                return ("noted", null);
        }
    }

    private async Task<(string? Outcome, Refusal? Refusal)> BookAsync(PaymentChannelDefinition d, ReconciliationItemRow item, string txn)
    {
        if (d.Kind == "agent")
        {
            // A settlement file does not say out of which float it was sold.
            return (null, new(SettlementRefusals.CorrectionRefused,
                $"Channel '{d.Id}' sells out of floats: its agent sends the sale again, or a person pays it to the account and takes it from the float."));
        }

        var amount = new Money(item.Amount_Nano!.Value);
        var request = new ChannelPaymentRequest(
            txn, item.Account ?? "", amount.ToString(), d.Currency, TimeOf(item), item.Business_Day, d.Tenders[0],
            ExternalRefs: item.Txn is { } line && line != txn ? [new("receipt", line)] : null, Note: "settlement file");
        var (answer, refusal) = await payments.TakeAsync(d.Id, null, request, amount);
        return (answer?.Status, refusal);
    }

    /// <summary>Takes a payment back. The channel does not have the money, or gave it back: no window can be over for that.</summary>
    private async Task<(string? Outcome, Refusal? Refusal)> ReverseAsync(PaymentChannelDefinition d, ReconciliationItemRow item, long nano)
    {
        var isRefund = item.Kind == "refund";
        var original = isRefund ? item.Original! : item.Own_Txn!;
        var request = new ChannelReversalRequest(
            isRefund ? item.Txn ?? OwnId(item, "R") : OwnId(item, "R"), original, new Money(nano).ToString(), "bounced", TimeOf(item), "settlement");
        var (answer, refusal) = await payments.ReverseAsync(d, request, new Money(nano));
        return refusal is not null ? (null, refusal)
            : answer!.Status == "refused"
                ? (null, new(SettlementRefusals.CorrectionRefused, answer.Detail ?? $"The reversal was refused: {answer.RefusedBecause}."))
            : ($"reversal {answer.Status}", null);
    }

    /// <summary>When it was, or noon of its day: the same however often the decision is sent.</summary>
    private static DateTimeOffset TimeOf(ReconciliationItemRow item) =>
        item.At ?? new DateTimeOffset(item.Business_Day.ToDateTime(new TimeOnly(12, 0)), TimeSpan.Zero);

    private static string OwnId(ReconciliationItemRow item, string kind) => $"SETTLE-{kind}-{item.Key}";
}
