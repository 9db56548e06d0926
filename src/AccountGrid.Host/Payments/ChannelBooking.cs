using System.Text.Json;
using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Cases;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.State;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Payments;

/// <summary>
/// Books what the register of channels' payments says is to be done: a payment, a sale out of a float, money into suspense, out of it to an account, or back to
/// its payer. Each step is a command under a key made of the payment's id and the number of the step, so whoever goes on after a death moves money once.
/// </summary>
internal sealed class ChannelBooking(
    ChannelPaymentStore store, GridDirectory directory, IGrainFactory grains, InternalAccounts accounts, PaymentChannelCatalog channels,
    CaseDesk desk)
{
    /// <summary>A payment that a channel may reverse after it was refused a step: the money has come and stays for a person.</summary>
    private const int StepsMax = 4;

    /// <summary>Does what is left to do of an open payment; what it is then.</summary>
    public async Task<ChannelPaymentRow> BookAsync(ChannelPaymentRow row)
    {
        for (var step = 0; row.Status == "open" && step < StepsMax; step++)
        {
            row = row switch
            {
                { Reversed_By: not null, In_Suspense: true } => await ReleaseAsync(row),
                { Held_Because: { } because } => await HoldAsync(row, RefusalCatalogue.Find(because)),
                { In_Suspense: true } => await AssignAsync(row),
                { Agent: { } agent } => await SellAsync(row, agent),
                _ => await PayAsync(row),
            };
        }

        return row;
    }

    private async Task<ChannelPaymentRow> PayAsync(ChannelPaymentRow row)
    {
        var address = await AddressAsync(row);
        var command = new TakePayment(address.Number, new(row.Amount_Nano), row.Channel, row.Txn, row.Query_Ref);
        var outcome = await grains.Account(row.Account!).Execute(command.ToBytes(), row.LogKey, Requests.HashOf(command));
        return outcome.Accepted ? await AcceptAsync(row, outcome) : await store.HoldAsync(row, outcome.Code!);
    }

    /// <summary>The float is asked first: what it refuses was never booked. What the customer's account refuses goes back to the float.</summary>
    private async Task<ChannelPaymentRow> SellAsync(ChannelPaymentRow row, string agent)
    {
        var channel = await ChannelAsync(row.Channel);
        var source = await accounts.OpenAsync(InternalAccounts.FloatOf(agent), AccountKind.Float, channel.Currency, channel.Zone);
        var outcome = await TransferAsync(row, source, AccountKind.Float);
        return outcome.Accepted
            ? await AcceptAsync(row, outcome)
            : await store.EndAsync(row, new("rejected", null, Because: new Refusal(RefusalCatalogue.Find(outcome.Code!), outcome.Detail!)));
    }

    private async Task<ChannelPaymentRow> HoldAsync(ChannelPaymentRow row, RefusalCode because)
    {
        var suspense = await SuspenseAsync(row.Channel);
        var outcome = await accounts.ExecuteAsync(suspense.Partition, new MoveInternal(suspense.Number, new(row.Amount_Nano), row.Txn), $"hold:{row.LogKey}");
        if (outcome.Accepted)
        {
            // Before the payment is said to be held, so that none is without its case.
            var channel = await ChannelAsync(row.Channel);
            await desk.OpenAsync(desk.OfChannel(
                CaseKind.Suspense, row.Channel, row.Txn, $"{row.Channel} {row.Txn}: {because.Text}", new Money(row.Amount_Nano), channel.Currency,
                channel.Zone, channel.Owner));
        }

        return outcome.Accepted
            ? await store.EndAsync(row, new("held", JsonSerializer.Serialize(HeldAnswer(row, because), ApiJson.Options),
                Because: new Refusal(because, ""), InSuspense: true))
            : throw new InvariantBrokenException($"Payment {row.Txn} of channel {row.Channel} could not be held: {outcome.Detail}");
    }

    private async Task<ChannelPaymentRow> AssignAsync(ChannelPaymentRow row)
    {
        var outcome = await TransferAsync(row, await SuspenseAsync(row.Channel), AccountKind.Suspense);
        if (outcome.Accepted)
        {
            await CloseCaseAsync(row, row.Assigned_By ?? "", $"assigned to {row.Account}");
        }

        return outcome.Accepted
            ? await AcceptAsync(row, outcome)
            : await store.EndAsync(row, new("held", null, Because: new Refusal(RefusalCatalogue.Find(outcome.Code!), ""), InSuspense: true));
    }

    private async Task<ChannelPaymentRow> ReleaseAsync(ChannelPaymentRow row)
    {
        var suspense = await SuspenseAsync(row.Channel);
        var outcome = await accounts.ExecuteAsync(suspense.Partition, new MoveInternal(suspense.Number, new(-row.Amount_Nano), row.Txn),
            $"release:{row.LogKey}");
        if (outcome.Accepted)
        {
            await CloseCaseAsync(row, "", $"reversed by {row.Reversed_By}");
        }

        return outcome.Accepted
            ? await store.EndAsync(row, new("reversed", null))
            : throw new InvariantBrokenException($"Held payment {row.Txn} of channel {row.Channel} could not be given back: {outcome.Detail}");
    }

    /// <summary>Before the payment's row says so: whoever goes on after a death closes it again, which has no effect.</summary>
    private Task CloseCaseAsync(ChannelPaymentRow row, string by, string outcome) =>
        desk.CloseAsync(CaseDesk.IdOfChannel(CaseKind.Suspense, row.Channel, row.Txn), by, CaseResult.Done, outcome);

    /// <summary>
    /// A transfer to the payer's account: asked of its source, then awaited at its target. The fold of the source sends the same record under the same key, so
    /// it does not matter who brings it, nor whether this process lives to see it.
    /// </summary>
    private async Task<OutcomeView> TransferAsync(ChannelPaymentRow row, AccountAddress source, AccountKind kind)
    {
        var target = await AddressAsync(row);
        var key = $"transfer-in:{row.LogKey}";
        var transfer = new TransferMoney(
            source.Number, new(row.Amount_Nano), row.Currency!, target.Number, target.Partition, row.Channel, row.Txn, row.Query_Ref, key);
        var left = await accounts.ExecuteAsync(source.Partition, transfer, $"transfer-out:{row.LogKey}");
        return left.Accepted
            ? await accounts.ReceiveAsync(target.Partition, ReceiveTransfer.Of(transfer, kind, source.Partition, new(row.Amount_Nano + left.AmountNano)), key)
            : left;
    }

    private Task<ChannelPaymentRow> AcceptAsync(ChannelPaymentRow row, OutcomeView outcome)
    {
        var (account, amount, balance) = (row.Account!, new Money(row.Amount_Nano), new Money(outcome.BalanceNano));
        var receipt = ReceiptNumber(row);
        var answer = new ChannelPaymentAnswer(
            row.Txn,
            "accepted",
            new Accounts.PaymentId(outcome.Partition, outcome.Position).ToString(),
            receipt,
            account,
            amount.ToString(),
            row.Currency!,
            outcome.Position,
            balance.ToString(),
            Parts(amount, new Money(outcome.DebtNano), new Money(outcome.FeesNano)),
            ChannelTexts.Receipt(account, amount, row.Currency!, receipt, balance));
        return store.EndAsync(row, new("accepted", JsonSerializer.Serialize(answer, ApiJson.Options), outcome.Position, outcome.Partition));
    }

    private static ChannelPaymentAnswer HeldAnswer(ChannelPaymentRow row, RefusalCode because)
    {
        var (account, amount) = (row.Account!, new Money(row.Amount_Nano));
        return new(row.Txn, "held", null, ReceiptNumber(row), account, amount.ToString(), row.Currency!, null, null,
            [new("suspense", amount.ToString())], ChannelTexts.Receipt(account, amount, row.Currency!, ReceiptNumber(row), null), because);
    }

    /// <summary>What a payment paid; parts of nothing are left out.</summary>
    internal static IReadOnlyList<AllocatedPart> Parts(Money amount, Money debt, Money fees)
    {
        (string To, Money Part)[] parts = [("debt", debt), ("lateFee", fees), ("energy", amount - debt - fees)];
        return [.. parts.Where(p => p.Part != Money.Zero).Select(p => new AllocatedPart(p.To, p.Part.ToString()))];
    }

    private static string ReceiptNumber(ChannelPaymentRow row) => $"{row.Channel}-{row.Txn}";

    private async Task<AccountAddress> AddressAsync(ChannelPaymentRow row) =>
        await directory.FindAccountAsync(row.Account!) ?? throw new InvariantBrokenException($"Account {row.Account} of an open payment is gone.");

    private async Task<AccountAddress> SuspenseAsync(string channel)
    {
        var definition = await ChannelAsync(channel);
        return await accounts.OpenAsync(InternalAccounts.SuspenseOf(channel), AccountKind.Suspense, definition.Currency, definition.Zone);
    }

    /// <summary>Any version of a channel: currency and zone are the same in all.</summary>
    private async Task<PaymentChannelDefinition> ChannelAsync(string id) =>
        (await channels.ListAsync(id)) is [var first, ..] ? first : throw new InvariantBrokenException($"Channel {id} of an open payment is gone.");
}
