using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Payments;

/// <summary>
/// Takes payments of channels. A payment's id is written first, with the account that it is for; then it is booked in the account's log under a key made of the
/// id, and then its answer is written. Whatever dies in between, the next who asks, or <see cref="ChannelBookkeeper"/>, goes on from there, and the key makes
/// it once.
/// </summary>
internal sealed class ChannelPayments(ChannelPaymentStore store, ChannelBooking booking, GridDirectory directory, IGrainFactory grains)
{
    /// <summary>Takes a payment whose form and channel were checked. A refusal means that nothing was booked and nothing will be.</summary>
    /// <param name="agent">The agent that sells it out of its float; null is none.</param>
    public async Task<(ChannelPaymentAnswer? Answer, Refusal? Refusal)> TakeAsync(string channel, string? agent, ChannelPaymentRequest r, Money amount)
    {
        var hash = Requests.HashOf(r);
        var row = await store.FindAsync(channel, r.ChannelTxnId)
            ?? await store.RegisterAsync(channel, agent, r, amount, hash, Facts(r), await WhyNotAsync(r.Account, r.Currency, agent is not null));

        if (row.Body_Hash is null)
        {
            return (null,
                new(PaymentChannelRefusals.TxnClosed, $"channelTxnId: '{r.ChannelTxnId}' was closed before this payment came; it can never be accepted."));
        }

        if (!row.Body_Hash.AsSpan().SequenceEqual(hash) || row.Agent != agent)
        {
            return (null, new(PaymentChannelRefusals.TxnReused, $"channelTxnId: '{r.ChannelTxnId}' was used before with another body."));
        }

        row = await booking.BookAsync(row);
        return row.Status == "rejected" ? (null, new(RefusalCatalogue.Find(row.Held_Because!), row.Rejected_Detail!)) : (Read(row), null);
    }

    /// <summary>Moves a held payment to an account and books it there; null where it is not held any more.</summary>
    public async Task<ChannelPaymentAnswer?> AssignAsync(string channel, string txn, string account, string by, string reason) =>
        await store.AssignAsync(channel, txn, account, by, reason) is { } row ? Read(await booking.BookAsync(row)) : null;

    /// <summary>
    /// Whether a payment id is another agent's: what is known of it is not told. An id that was closed before a payment came is nobody's, and whoever closed
    /// it may ask again.
    /// </summary>
    public async Task<bool> IsOfAnotherAsync(string channel, string? agent, string txn) =>
        agent is not null && await store.FindAsync(channel, txn) is { Body_Hash: not null } row && row.Agent != agent;

    /// <summary>What is known of a payment id.</summary>
    /// <param name="close">Closes an id that is absent, so that the channel may refund.</param>
    public async Task<ChannelPaymentStatus> StatusAsync(string channel, string txn, bool close)
    {
        var row = await store.FindAsync(channel, txn) ?? (close ? await store.CloseAsync(channel, txn) : null);
        row = row is null ? null : await booking.BookAsync(row);
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
        payment = await booking.BookAsync(payment);
        ChannelReversalAnswer Refused(RefusalCode code, string detail) => new(r.ChannelTxnId, r.Original, "refused", null, code, detail);
        var answer = payment.Status switch
        {
            "closed" or "rejected" => new(r.ChannelTxnId, r.Original, "remembered", null),
            "held" => await ReleaseAsync(d.Id, r),
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

    /// <summary>Gives a held payment back; null where it is not held any more.</summary>
    private async Task<ChannelReversalAnswer?> ReleaseAsync(string channel, ChannelReversalRequest r)
    {
        if (await store.BeginReleaseAsync(channel, r) is not { } row)
        {
            return null;
        }

        await booking.BookAsync(row);
        return new(r.ChannelTxnId, r.Original, "done", null);
    }

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

    /// <summary>Why a payment cannot be booked to the account that it names; null where it can.</summary>
    /// <param name="isSale">An agent's sale is rejected before any money is taken; another payment has been paid, and is held.</param>
    private async Task<Refusal?> WhyNotAsync(string account, string currency, bool isSale)
    {
        if (!Ids.IsValid(account) || await grains.Account(account).Get() is not { } view)
        {
            return new(isSale ? AccountRefusals.Unknown : PaymentChannelRefusals.HeldAccountUnknown, $"account: there is no account '{account}'.");
        }

        return view.Currency != currency
            ? new(
                isSale ? PaymentChannelRefusals.CurrencyDiffers : PaymentChannelRefusals.HeldCurrencyDiffers,
                $"currency: '{currency}' is not {view.Currency}, the currency of account '{account}'.")
            : !view.IsOpen && view.BalanceNano >= 0
            ? new(
                isSale ? AccountRefusals.Closed : PaymentChannelRefusals.HeldAccountClosed, $"account: '{account}' is closed and owes nothing.")
            : null;
    }

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
