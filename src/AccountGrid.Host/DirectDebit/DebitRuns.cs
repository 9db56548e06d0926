using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Commands;
using AccountGrid.Host.Http;
using AccountGrid.Host.Payments;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.DirectDebit;

/// <summary>
/// Runs: what was announced for a day is claimed in the accounts' logs, as far as it is still unpaid and may be collected, and put into a file. A claim's
/// amount is written before it is sent, under a key made of the collection; a run that died goes on where it stopped.
/// </summary>
internal sealed class DebitRuns(
    DebitStore store, MandateStore mandates, DebitAccounts accounts, PaymentChannelCatalog channels, PersonalData personal, TimeProvider time)
{
    private const int Batch = 500;

    /// <summary>Claims of one collection, each refused since less was unpaid when it came: payments do not come so fast.</summary>
    private const int ClaimsMax = 5;

    private static readonly ParallelOptions AtOnce = new() { MaxDegreeOfParallelism = 16 };

    /// <summary>Makes the run of a channel and day once.</summary>
    public async Task<(DebitRunAnswer? Answer, Refusal? Refusal)> MakeAsync(string channel, DateOnly day, string by)
    {
        if (await store.FindRunAsync(channel, day) is not { } run)
        {
            var now = time.GetUtcNow();
            if (await channels.FindAsync(channel, now) is not { DirectDebit: { } setting } d)
            {
                return (null, DebitAnnouncements.Unknown(channel));
            }

            var today = PaymentChannelRules.LocalDay(d, now);
            if (day < today || day > today.AddDays(setting.LeadDays))
            {
                return (null, new(DirectDebitRefusals.DayInvalid,
                    $"day: {day:yyyy-MM-dd} is not from today, {today:yyyy-MM-dd}, to {today.AddDays(setting.LeadDays):yyyy-MM-dd}, "
                        + $"{setting.LeadDays} days on."));
            }

            run = await store.BeginAsync(channel, day, MessageIdOf(channel, day), setting, by, now);
        }

        await EndAsync(run);
        return (await ShowAsync((await store.FindRunAsync(channel, day))!), null);
    }

    /// <summary>Does what is left to do of a run; nothing where another process does it.</summary>
    public async Task EndAsync(DebitRunRow run)
    {
        await using var held = run.State == "made" ? null : await store.LockAsync(run.Channel, run.Day);
        if (held is null || (await store.FindRunAsync(run.Channel, run.Day))!.State == "made")
        {
            return;
        }

        var d = (await channels.ListAsync(run.Channel))[0];
        var setting = SettingOf(run);
        while (await store.ListAsync(run.Channel, run.Day, ["announced", "claimed"], "", Batch) is { Count: > 0 } items)
        {
            await Parallel.ForEachAsync(items.GroupBy(i => i.Mandate), AtOnce, async (of, _) =>
            {
                foreach (var item in of)
                {
                    await ClaimAsync(item.Id, setting, d);
                }
            });
        }

        await store.EndRunAsync(run.Channel, run.Day);
    }

    public async Task<DebitRunAnswer> ShowAsync(DebitRunRow run) => new(
        run.Channel, run.Day, run.Message_Id, run.State, run.Created_At, await store.SumsAsync(run.Channel, run.Day));

    /// <summary>The file of a run that is made: the same bytes each time, whatever became of its collections since.</summary>
    public async Task<(DebitFile? File, Refusal? Refusal)> FileAsync(DebitRunRow run)
    {
        var currency = (await channels.ListAsync(run.Channel))[0].Currency;
        var lines = new List<DebitLine>();
        for (var after = ""; ;)
        {
            var items = await store.ListAsync(run.Channel, run.Day, ["sent", "paid", "rejected", "returned"], after, Batch);
            foreach (var item in items)
            {
                var mandate = (await mandates.FindAsync(item.Mandate))!;
                if (mandate.Debtor_Account.Length == 0)
                {
                    return (null, new(DirectDebitRefusals.FileErased,
                        $"Mandate '{mandate.Id}' of collection '{item.Id}' was erased; the file had its bank account."));
                }

                lines.Add(new(item.Id, mandate.Id, mandate.Scheme, mandate.Signed_On, personal.Unseal(mandate.Debtor_Name),
                    personal.Unseal(mandate.Debtor_Account), mandate.Debtor_Agent, item.Account_Id, new Money(item.Amount_Nano!.Value), item.Collect_Day,
                    item.Due_Day, item.Sequence!));
            }

            if (items.Count < Batch)
            {
                break;
            }

            after = items[^1].Id;
        }

        return lines.Count == 0
            ? (null, new(DirectDebitRefusals.RunEmpty, $"The run of channel '{run.Channel}' for {run.Day:yyyy-MM-dd} collects nothing."))
            : (new(run.Message_Id, run.Created_At, run.Day, currency, SettingOf(run), lines), null);
    }

    /// <summary>Claims what is unpaid of a collection, or says why nothing is collected.</summary>
    private async Task ClaimAsync(string id, DirectDebitSetting setting, PaymentChannelDefinition d)
    {
        var (refused, claims) = (0, 0);
        while (await store.FindAsync(id) is { State: "announced" or "claimed" } item)
        {
            // A claim can have been accepted, whoever made it: the same is sent, and another is made only where the log has refused this one.
            if (item.State == "claimed" && item.Attempt != refused)
            {
                refused = await SendAsync(item, setting) ? 0 : item.Attempt;
                claims++;
            }
            else if ((claims < ClaimsMax ? await MakeClaimAsync(item, d) : DirectDebitRefusals.MoreThanOwed) is { } why)
            {
                await store.MoveAsync(item, "skipped", why);
            }
        }
    }

    /// <summary>Makes a claim of what is unpaid now; why nothing is collected, where nothing is.</summary>
    private async Task<RefusalCode?> MakeClaimAsync(DebitItemRow item, PaymentChannelDefinition d)
    {
        var today = PaymentChannelRules.LocalDay(d, time.GetUtcNow());
        if (item.Collect_Day < today)
        {
            return DirectDebitRefusals.DayOver;
        }

        var mandate = (await mandates.FindAsync(item.Mandate))!;
        var facts = await accounts.FactsAsync(item.Partition, item.Account, [item.Due_Day], d.Currency);
        var choice = DebitRules.Choose(facts[item.Due_Day] with
        {
            IsMandateActive = mandate.StateOn(today) == "active" && mandate.Debtor_Account.Length > 0,
            Announced = new Money(item.Announced_Nano),
            Most = new Money(mandate.Max_Nano ?? 0),
        });
        if (choice.Why is not null)
        {
            return choice.Why;
        }

        var isFinal = !await accounts.IsOpenAsync(item.Account_Id);
        return await store.ClaimAsync(item, choice.Amount.Nano, isFinal) ? null : DirectDebitRefusals.MandateInactive;
    }

    /// <summary>Sends a claim as it was written. False: less is unpaid by now, and another claim is to be made.</summary>
    private async Task<bool> SendAsync(DebitItemRow item, DirectDebitSetting setting)
    {
        var command = new CollectDebit(item.Account, item.Id, item.Due_Day.DayNumber, new Money(item.Amount_Nano!.Value),
            item.Collect_Day.DayNumber + setting.AnswerDays);
        var outcome = await accounts.ExecuteAsync(item.Account_Id, command, $"debit-collect:{item.Id}:{item.Attempt}");
        if (outcome.Code == DirectDebitRefusals.MoreThanOwed.Text)
        {
            return false;
        }

        // That it is being collected already is said of this collection: a claim of it was accepted.
        var isSent = outcome.Accepted || outcome.Code == DirectDebitRefusals.InFlight.Text;
        if (await store.MoveAsync(item, isSent ? "sent" : "skipped", isSent ? null : outcome.Code) && isSent)
        {
            await mandates.UsedAsync(item.Mandate, item.Collect_Day);
        }

        return true;
    }

    private static DirectDebitSetting SettingOf(DebitRunRow run) => JsonSerializer.Deserialize<DirectDebitSetting>(run.Setting, ApiJson.Options)!;

    /// <summary>Names a run's message for ever, within the 35 characters that a message has.</summary>
    internal static string MessageIdOf(string channel, DateOnly day) =>
        $"DD-{day:yyyyMMdd}-{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(channel)).AsSpan(0, 5))}";
}
