using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Payments;

/// <summary>
/// Takes payments of channels. A payment's id is written first, with the account that it is for; then it is booked in the account's log under a key made of the
/// id, and then its answer is written. Whatever dies in between, the next who asks, or <see cref="ChannelBookkeeper"/>, goes on from there, and the key makes
/// it once.
/// </summary>
internal sealed class ChannelPayments(ChannelPaymentStore store, GridDirectory directory, IGrainFactory grains)
{
    /// <summary>Takes a payment whose form and channel were checked. A refusal means that nothing was booked and nothing will be.</summary>
    public async Task<(ChannelPaymentAnswer? Answer, Refusal? Refusal)> TakeAsync(string channel, ChannelPaymentRequest r, Money amount)
    {
        var hash = Requests.HashOf(r);
        var row = await store.FindAsync(channel, r.ChannelTxnId);
        if (row is null)
        {
            var held = await HeldBecauseAsync(r.Account, r.Currency);
            var answer = held is null ? null : JsonSerializer.Serialize(Held(channel, r.ChannelTxnId, r.Account, amount, r.Currency, held), ApiJson.Options);
            row = await store.RegisterAsync(channel, r, amount, hash, Facts(r), held, answer);
        }

        if (row.Body_Hash is null)
        {
            return (null,
                new(PaymentChannelRefusals.TxnClosed, $"channelTxnId: '{r.ChannelTxnId}' was closed before this payment came; it can never be accepted."));
        }

        if (!row.Body_Hash.AsSpan().SequenceEqual(hash))
        {
            return (null, new(PaymentChannelRefusals.TxnReused, $"channelTxnId: '{r.ChannelTxnId}' was used before with another body."));
        }

        row = row.Status == "open" ? await BookAsync(row) : row;
        return (Read(row), null);
    }

    /// <summary>Books an open payment, or finds it booked: the log knows it by its key.</summary>
    public async Task<ChannelPaymentRow> BookAsync(ChannelPaymentRow row)
    {
        var (account, amount) = (row.Account!, new Money(row.Amount_Nano));
        var address = await directory.FindAccountAsync(account) ?? throw new InvariantBrokenException($"Account {account} of an open payment is gone.");
        var command = new TakePayment(address.Number, amount.Nano, row.Channel, row.Txn, row.Query_Ref);
        var outcome = await grains.Account(account).Execute(command.ToBytes(), row.LogKey, Requests.HashOf(command));
        if (!outcome.Accepted)
        {
            var held = Held(row.Channel, row.Txn, account, amount, row.Currency!, outcome.Code!);
            return await store.EndAsync(row, "held", JsonSerializer.Serialize(held, ApiJson.Options), null, null, outcome.Code);
        }

        var answer = new ChannelPaymentAnswer(
            row.Txn,
            "accepted",
            new PaymentId(outcome.Partition, outcome.Position).ToString(),
            ReceiptNumber(row.Channel, row.Txn),
            account,
            amount.ToString(),
            row.Currency!,
            outcome.Position,
            new Money(outcome.BalanceNano).ToString(),
            Parts(amount, new Money(outcome.DebtNano), new Money(outcome.FeesNano)),
            ChannelTexts.Receipt(account, amount, row.Currency!, ReceiptNumber(row.Channel, row.Txn), new Money(outcome.BalanceNano)));
        return await store.EndAsync(row, "accepted", JsonSerializer.Serialize(answer, ApiJson.Options), outcome.Position, outcome.Partition, null);
    }

    /// <summary>Moves a held payment to an account and books it there; null where it is not held any more.</summary>
    public async Task<ChannelPaymentAnswer?> AssignAsync(string channel, string txn, string account, string by, string reason) =>
        await store.AssignAsync(channel, txn, account, by, reason) is { } row ? Read(await BookAsync(row)) : null;

    /// <summary>What is known of a payment id.</summary>
    /// <param name="close">Closes an id that is absent, so that the channel may refund.</param>
    public async Task<ChannelPaymentStatus> StatusAsync(string channel, string txn, bool close)
    {
        var row = await store.FindAsync(channel, txn) ?? (close ? await store.CloseAsync(channel, txn) : null);
        row = row?.Status == "open" ? await BookAsync(row) : row;
        return row is null ? new(txn, "absent", null) : new(txn, row.Status, row.Answer is null ? null : Read(row));
    }

    /// <summary>Takes a payment back. One that the grid has not seen is remembered: it can never be accepted then.</summary>
    public async Task<(ChannelReversalAnswer? Answer, Refusal? Refusal)> ReverseAsync(PaymentChannelDefinition d, ChannelReversalRequest r, Money amount)
    {
        // A payment whose amount differs is another one: nothing is remembered of a mistake.
        var payment = await store.FindAsync(d.Id, r.Original);
        if (payment?.Body_Hash is not null && payment.Amount_Nano != amount.Nano)
        {
            return (null,
                new(PaymentChannelRefusals.ReversalMismatch,
                    $"amount: '{r.Amount}' is not {new Money(payment.Amount_Nano)}, the amount of payment '{r.Original}'."));
        }

        var hash = Requests.HashOf(r);
        var (known, answered, takenAt) = await store.RegisterReversalAsync(d.Id, r, hash);
        if (!known.AsSpan().SequenceEqual(hash))
        {
            return (null, new(PaymentChannelRefusals.TxnReused, $"channelTxnId: '{r.ChannelTxnId}' was used before by a reversal with another body."));
        }

        return (JsonSerializer.Deserialize<ChannelReversalAnswer>(answered ?? await CarryOutAsync(d, r, takenAt), ApiJson.Options), null);
    }

    /// <summary>Carries out a reversal that is written down, or goes on with it. Returns its answer as it is stored.</summary>
    /// <param name="takenAt">When it was written down: the window is judged by this, however late it is carried out.</param>
    public async Task<string> CarryOutAsync(PaymentChannelDefinition d, ChannelReversalRequest r, DateTimeOffset takenAt)
    {
        var payment = await store.FindAsync(d.Id, r.Original) ?? await store.CloseAsync(d.Id, r.Original);
        payment = payment.Status == "open" ? await BookAsync(payment) : payment;
        ChannelReversalAnswer Refused(RefusalCode code, string detail) => new(r.ChannelTxnId, r.Original, "refused", null, code, detail);
        var answer = payment.Status switch
        {
            "closed" => new(r.ChannelTxnId, r.Original, "remembered", null),
            "held" => await store.MarkReversedAsync(d.Id, r, "held") ? new(r.ChannelTxnId, r.Original, "done", null) : null,
            "reversed" when payment.Reversed_By == r.ChannelTxnId && payment.Payment_Position is null => new(r.ChannelTxnId, r.Original, "done", null),
            "reversed" when payment.Reversed_By != r.ChannelTxnId => Refused(
                PaymentChannelRefusals.ReversalDoneBefore, $"Payment '{r.Original}' was taken back before, by reversal '{payment.Reversed_By}'."),
            "accepted" when IsWindowOver(d, r.Reason, payment.Booked_At!.Value, takenAt) => Refused(
                PaymentChannelRefusals.ReversalWindowOver,
                $"Payment '{r.Original}' was booked at {payment.Booked_At:yyyy-MM-ddTHH:mm:ssZ}; channel '{d.Id}' can reverse it for {d.ReversalHours} hours."),
            _ => await TakeBackAsync(d.Id, r, payment),
        };

        // It was assigned, or reversed by another reversal, a moment ago.
        return answer is null
            ? await CarryOutAsync(d, r, takenAt)
            : await store.EndReversalAsync(d.Id, r.ChannelTxnId, answer.Status, JsonSerializer.Serialize(answer, ApiJson.Options));
    }

    /// <summary>
    /// Whether it is too late to take a payment back. What the payer's bank takes back is never too late: the money is gone. (Source: SEPA CORE, 8 weeks and 13
    /// months.)
    /// </summary>
    internal static bool IsWindowOver(PaymentChannelDefinition d, string reason, DateTimeOffset bookedAt, DateTimeOffset takenAt) =>
        reason is not ("bounced" or "chargeback") && takenAt > bookedAt.AddHours(d.ReversalHours);

    private async Task<ChannelReversalAnswer?> TakeBackAsync(string channel, ChannelReversalRequest r, ChannelPaymentRow payment)
    {
        var address = (await directory.FindAccountAsync(payment.Account!))!;
        var reason = r.ExternalReason is null ? r.Reason : $"{r.Reason} {r.ExternalReason}";
        var command = new ReversePayment(address.Number, payment.Payment_Position!.Value, reason);
        var outcome =
            await grains.Account(payment.Account!).Execute(command.ToBytes(), $"channel-reversal:{channel}:{r.ChannelTxnId}", Requests.HashOf(command));
        if (!outcome.Accepted)
        {
            return new(r.ChannelTxnId, r.Original, "refused", null, outcome.Code, outcome.Detail);
        }

        await store.MarkReversedAsync(channel, r, "accepted");
        return new(r.ChannelTxnId, r.Original, "done", new Money(outcome.BalanceNano).ToString());
    }

    private async Task<RefusalCode?> HeldBecauseAsync(string account, string currency)
    {
        if (!Ids.IsValid(account) || await grains.Account(account).Get() is not { } view)
        {
            return PaymentChannelRefusals.HeldAccountUnknown;
        }

        return view.Currency != currency ? PaymentChannelRefusals.HeldCurrencyDiffers
            : !view.IsOpen && view.BalanceNano >= 0 ? PaymentChannelRefusals.HeldAccountClosed
            : null;
    }

    private static ChannelPaymentAnswer Held(string channel, string txn, string account, Money amount, string currency, string because) => new(
        txn,
        "held",
        null,
        ReceiptNumber(channel, txn),
        account,
        amount.ToString(),
        currency,
        null,
        null,
        [new("suspense", amount.ToString())],
        ChannelTexts.Receipt(account, amount, currency, ReceiptNumber(channel, txn), null),
        because);

    /// <summary>What a payment paid; parts of nothing are left out.</summary>
    internal static IReadOnlyList<AllocatedPart> Parts(Money amount, Money debt, Money fees)
    {
        (string To, Money Part)[] parts = [("debt", debt), ("lateFee", fees), ("energy", amount - debt - fees)];
        return [.. parts.Where(p => p.Part != Money.Zero).Select(p => new AllocatedPart(p.To, p.Part.ToString()))];
    }

    private static string ReceiptNumber(string channel, string txn) => $"{channel}-{txn}";

    /// <summary>What is kept beside the figures; of the payer only the last two characters of each.</summary>
    private static object Facts(ChannelPaymentRequest r) => new
    {
        r.Tender,
        r.QueryRef,
        r.Bill,
        payer = r.Payer is null ? null : new ChannelPayer(Last(r.Payer.Name), Last(r.Payer.Phone), Last(r.Payer.Id)),
        r.Terminal,
        r.Operator,
        r.Agent,
        r.Place,
        r.ExternalRefs,
        r.Note,
    };

    private static string? Last(string? text) => text is null ? null : text.Length <= 4 ? "****" : $"****{text[^2..]}";

    /// <summary>The answer that was given, with what became of the payment since.</summary>
    private static ChannelPaymentAnswer? Read(ChannelPaymentRow row) =>
        row.Answer is null ? null : JsonSerializer.Deserialize<ChannelPaymentAnswer>(row.Answer, ApiJson.Options)! with { Status = row.Status };
}
