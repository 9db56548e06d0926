using System.Security.Cryptography;
using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Http;
using AccountGrid.Host.Payments;
using AccountGrid.Host.Settlement.Formats;

namespace AccountGrid.Host.DirectDebit;

/// <summary>
/// Imports what banks answered: whole or not at all, and each file once, by its content. What a result leads to is done by the commands of channels, under ids
/// made of the collection, so that it is done once however often it is said.
/// </summary>
internal sealed class DebitResults(
    DebitResultStore results, DebitStore store, MandateStore mandates, DebitAccounts accounts, ChannelPayments payments, PaymentChannelCatalog channels,
    CaseDesk desk, TimeProvider time)
{
    private const int Batch = 500;
    private const int HeadMax = 4 * 1024;

    /// <summary>Who ends a mandate that a bank turned down.</summary>
    private const string Self = "direct-debit";

    public async Task<(DebitResultAnswer? Answer, IReadOnlyList<SettlementError> Errors, Refusal? Refusal)> ImportAsync(string channel, byte[] bytes, string by)
    {
        var hash = SHA256.HashData(bytes);
        var id = await results.FindAsync(channel, hash);
        if (id is null)
        {
            if (await channels.FindAsync(channel, time.GetUtcNow()) is not { DirectDebit: { } setting } d)
            {
                return (null, [], DebitAnnouncements.Unknown(channel));
            }

            var (reading, refusal) = Read(bytes, setting, d.Currency);
            if (refusal is not null)
            {
                return (null, [], refusal);
            }

            await CheckAsync(reading!, channel);
            if (reading!.Errors.Count > 0)
            {
                return (null, [.. reading.Errors.OrderBy(e => e.Line)], null);
            }

            id = Convert.ToHexStringLower(hash)[..32];
            id = $"{channel}-{id}";
            await results.AddAsync(id, channel, hash, reading, by);
        }

        while (await results.OpenAsync(id, default, Batch) is { Count: > 0 } open)
        {
            foreach (var row in open)
            {
                await CarryOutAsync(row);
            }
        }

        return (await results.ShowAsync(id), [], null);
    }

    /// <summary>Does what a result leads to. Again the same, it changes nothing.</summary>
    public async Task CarryOutAsync(DebitResultRow row)
    {
        var item = (await store.FindAsync(row.Item))!;
        var d = (await channels.ListAsync(item.Channel))[^1];
        var (outcome, state) = row.Kind switch
        {
            "pending" => ("pending", null),
            "paid" => await BookAsync(item, d),
            _ => await TakeBackAsync(item, d, row.Reason!),
        };
        await results.EndAsync(row, outcome, state);
    }

    private static (DebitReading? Reading, Refusal? Refusal) Read(byte[] bytes, DirectDebitSetting setting, string currency)
    {
        var head = bytes.AsSpan(0, Math.Min(bytes.Length, HeadMax));
        return Pain002.Is(head) ? (Pain002.Read(bytes, setting, currency), null)
            : CamtReturns.Is(head) ? (CamtReturns.Read(bytes, setting, currency), null)
            : setting.Results is { } mapping ? (DebitResultCsv.Read(bytes, mapping, currency), null)
            : (null, new(DirectDebitRefusals.ResultInvalid,
                "The file is neither pain.002 nor camt, and the channel has no layout for a CSV of results, the member results of directDebit."));
    }

    private async Task CheckAsync(DebitReading reading, string channel)
    {
        if (reading.Errors.Count > 0)
        {
            return;
        }

        if (reading.Groups is [{ MessageId: var message }, ..])
        {
            var day = await store.DayOfAsync(channel, message);
            DebitResultChecks.Spread(reading, day is { } of ? await results.MembersAsync(channel, of, message) : null);
        }

        DebitResultChecks.Check(reading, channel, await store.FindAsync(reading.Results.Select(r => r.Item).Distinct().ToList()));
        if (reading.Errors.Count == 0 && reading.Results.Count == 0 && reading.Groups.Count == 0)
        {
            reading.Wrong(0, "results", null, "a file with at least one result of a collection");
        }
    }

    /// <summary>The money has come: a payment of the channel under the collection's id.</summary>
    private async Task<(string Outcome, string? State)> BookAsync(DebitItemRow item, PaymentChannelDefinition d)
    {
        if (item.State is "rejected" or "returned")
        {
            return ("known", null);
        }

        var amount = new Money(item.Amount_Nano!.Value);
        var wasKnown = item.State == "paid";
        var (answer, refusal) = await payments.TakeAsync(item.Channel, null, RequestOf(item, d, amount), amount);
        return refusal is not null ? (refusal.Code == PaymentChannelRefusals.TxnClosed ? "known" : refusal.Code.Text, null)
            : wasKnown ? ("known", null)
            : (answer!.Status == "held" ? "held" : "booked", "paid");
    }

    /// <summary>
    /// Nothing was collected, or the money went back. The case and the hold come first, so that a process that dies before the reversal leaves an account that
    /// is protected; a payment that was never booked can never be booked afterwards.
    /// </summary>
    private async Task<(string Outcome, string? State)> TakeBackAsync(DebitItemRow item, PaymentChannelDefinition d, string reason)
    {
        if (item.State is "rejected" or "returned")
        {
            return ("known", null);
        }

        item = await store.ReturnAsync(item.Id, reason, time.GetUtcNow());
        var setting = JsonSerializer.Deserialize<DirectDebitSetting>((await store.FindRunAsync(item.Channel, item.Collect_Day))!.Setting, ApiJson.Options)!;
        var amount = new Money(item.Amount_Nano!.Value);
        var step = DebitRules.StepOf(reason, item.Presentation);
        var report = new ReportDebitReturn(item.Account, item.Id, reason, amount, step == DebitReturnStep.Dispute ? setting.DisputeDays : 0);
        if (await accounts.ExecuteAsync(item.Account_Id, report, $"debit-return:{item.Id}") is { Accepted: false } refused)
        {
            // The account's log opens no case and places no hold: a person does what its reason asks for.
            await desk.OpenAsync(desk.OfChannel(
                CaseKind.DebitReturned, item.Channel, item.Id, $"{item.Channel} {item.Id} {item.Account_Id}: {reason}; {refused.Code}", amount, d.Currency,
                d.Zone, d.Owner));
        }

        var request = new ChannelReversalRequest(
            $"R-{item.Id}", item.Id, amount.ToString(), step == DebitReturnStep.Dispute ? "chargeback" : "bounced", item.Returned_At!.Value, reason);
        var (answer, refusal) = await payments.ReverseAsync(d, request, amount);
        if (step is DebitReturnStep.SuspendMandate or DebitReturnStep.CancelMandate)
        {
            var state = step == DebitReturnStep.SuspendMandate ? "suspended" : "cancelled";
            await mandates.ChangeAsync(item.Mandate, state, $"{reason} {item.Id}", Self);
        }

        return refusal is not null ? (refusal.Code.Text, "returned")
            : answer!.Status switch
            {
                "remembered" => ("rejected", "rejected"),
                "done" => ("returned", "returned"),
                _ => (answer.RefusedBecause ?? "refused", "returned"),
            };
    }

    /// <summary>The payment that a collection is: the same each time, since it is made of the collection alone.</summary>
    private static ChannelPaymentRequest RequestOf(DebitItemRow item, PaymentChannelDefinition d, Money amount)
    {
        var paidAt = DateTimeOffset.FromUnixTimeMilliseconds(LocalCalendar.Find(d.Zone)!.StartOf(item.Collect_Day.DayNumber));
        return new(item.Id, item.Account_Id, amount.ToString(), d.Currency, paidAt, item.Collect_Day, "debit", item.Id,
            ExternalRefs: [new("mandate", item.Mandate), new("endToEnd", item.Id)]);
    }
}
