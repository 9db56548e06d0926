using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Cases;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.State;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Background;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Rating;

namespace AccountGrid.Host.Prepayment;

/// <summary>
/// Carries out, at the border of the month, what customers have agreed to. The account's log decides: it refuses where something is owed outside a debt
/// agreement, and a case opens then. Commands have keys made of the offer, so that two processes, or one that comes back, do it once.
/// </summary>
internal sealed partial class PrepaymentSwitcher(
    PrepaymentStore store, GridDirectory directory, IGrainFactory grains, TariffCatalog tariffs, Approvals approvals, CaseDesk desk, CaseCalendars calendars,
    TimeProvider time, ILogger<PrepaymentSwitcher> logger) : PeriodicService(TimeSpan.FromMinutes(1), time)
{
    private const int Max = 200;

    protected override async Task<bool> RunOnceAsync(CancellationToken cancel) => await SwitchAsync() == Max;

    protected override void LogFailure(Exception cause) => Failed(logger, cause);

    /// <summary>Carries out what is due. One that cannot be carried out does not hold up the others.</summary>
    /// <returns>How many were ended.</returns>
    internal async Task<int> SwitchAsync()
    {
        var ended = 0;
        foreach (var offer in await store.DueAsync(Time.GetUtcNow(), Max))
        {
            try
            {
                await SwitchAsync(offer);
                ended++;
            }
            catch (Exception e)
            {
                NotSwitched(logger, e, offer.Id);
            }
        }

        return ended;
    }

    private async Task SwitchAsync(PrepaymentOfferRow offer)
    {
        var address = (await directory.FindAccountAsync(offer.Account_Id))!;
        if (offer.Agreed != true || await IsPastAsync(offer, address))
        {
            await WaitAsync(offer);
            return;
        }

        var (approval, agreedBy) = (await approvals.FindAsync(offer.Approval!.Value) is { AnsweredBy: { } by } a ? (a, by) : default)!;
        var outcome = await ExecuteAsync(
            offer, $"approval:{address.Number}:{approval.Approval:N}",
            CustomerCommands.CommandOf(address.Number, approval.Kind, approval.Body.GetRawText(), approval.AskedBy, agreedBy));
        if (!outcome.Accepted && outcome.Code != AccountRefusals.ModeSame)
        {
            await RefuseAsync(offer, address, outcome);
            return;
        }

        // The tariff follows the terms: a refused switch leaves the account as it was.
        var (account, said) = ((await grains.Account(offer.Account_Id).Get())!, offer.Said);
        var tariff = (await tariffs.FindAsync(said.Tariff, said.TariffVersion))!;
        var current = await grains.Partition(address.Partition).Workflow(address.Number);
        if (account.IsOpen && current is not null && current.Tariff != tariff.Number)
        {
            outcome = await ChangeTariffAsync(offer, address, tariff.Number, account.Zone);
            if (!outcome.Accepted)
            {
                await OpenAsync(offer, address, outcome);
                await store.EndAsync(offer, "switched", outcome.Code);
                return;
            }
        }

        await store.EndAsync(offer, "switched", null);
    }

    /// <summary>
    /// Whether the border's day went by before the switch began, as where all processes were down: terms change at a border and not behind it.
    /// </summary>
    private async Task<bool> IsPastAsync(PrepaymentOfferRow offer, AccountAddress address)
    {
        var calendar = CaseCalendars.CalendarOf((await grains.Account(offer.Account_Id).Get())!.Zone);
        return calendar.DayOf(Time.GetUtcNow().ToUnixTimeMilliseconds()) > offer.Switch_Day!.Value.DayNumber
            && await grains.Partition(address.Partition).Workflow(address.Number) is { Mode: not "prepaid" };
    }

    /// <summary>
    /// No second person has agreed yet, or the border is past: the next border is waited for. Where the second person refuses, the offer ends.
    /// </summary>
    private async Task WaitAsync(PrepaymentOfferRow offer)
    {
        if (offer.Agreed == false)
        {
            await store.EndAsync(offer, "refused", AccessRefusals.ApprovalNeeded);
            return;
        }

        var calendar = CaseCalendars.CalendarOf((await grains.Account(offer.Account_Id).Get())!.Zone);
        var day = PrepaymentOutlook.BorderAfter(DateOnly.FromDayNumber(calendar.DayOf(Time.GetUtcNow().ToUnixTimeMilliseconds())));
        await store.PutOffAsync(offer, day, Instants.ToInstant(calendar.StartOf(day.DayNumber)));
    }

    /// <summary>From the border on or, where something of that day is charged already, from tomorrow on.</summary>
    private async Task<OutcomeView> ChangeTariffAsync(PrepaymentOfferRow offer, AccountAddress address, int tariff, string zone)
    {
        var change = new ChangeTariff(address.Number, tariff, offer.Switch_Day!.Value.DayNumber, Follows: true);
        var outcome = await ExecuteAsync(offer, $"prepayment-tariff:{offer.Account}:{offer.Id}", change);
        if (outcome.Accepted || outcome.Code != TariffRefusals.TooEarly)
        {
            return outcome;
        }

        var tomorrow = CaseCalendars.CalendarOf(zone).DayOf(Time.GetUtcNow().ToUnixTimeMilliseconds()) + 1;
        return await ExecuteAsync(
            offer, $"prepayment-tariff:{offer.Account}:{offer.Id}:{tomorrow}", new ChangeTariff(address.Number, tariff, tomorrow, Follows: true));
    }

    private Task<OutcomeView> ExecuteAsync(PrepaymentOfferRow offer, string key, AccountCommand command) =>
        grains.Account(offer.Account_Id).Execute(command.ToBytes(), key, Requests.HashOf(command));

    /// <summary>The case is opened first, so that no refusal is without one.</summary>
    private async Task RefuseAsync(PrepaymentOfferRow offer, AccountAddress address, OutcomeView outcome)
    {
        await OpenAsync(offer, address, outcome);
        await store.EndAsync(offer, "refused", outcome.Code);
    }

    private async Task OpenAsync(PrepaymentOfferRow offer, AccountAddress address, OutcomeView outcome)
    {
        var account = (await grains.Account(offer.Account_Id).Get())!;
        var policy = calendars.Find((await grains.Partition(address.Partition).Workflow(address.Number))?.Policy ?? "");
        var due = WorkingTime.Of(policy, CaseCalendars.CalendarOf(account.Zone))
            .EndAfter(Time.GetUtcNow().ToUnixTimeMilliseconds(), policy.Definition.Ladder.CaseBusinessDays);
        await desk.OpenAsync(new(
            $"{address.Number}:{CaseKind.PrepaymentRefused.Code()}:{offer.Id}", CaseKind.PrepaymentRefused, address, $"{outcome.Code}: {outcome.Detail}",
            new Money(Math.Max(0, -account.BalanceNano)), null, CasePriority.Normal, policy.Stamp, account.Zone, due, ""));
    }

    [LoggerMessage(6801, LogLevel.Warning, "Offers of prepaid terms that are due could not be read.")]
    private static partial void Failed(ILogger logger, Exception cause);

    [LoggerMessage(6802, LogLevel.Warning, "Offer {Id} of prepaid terms could not be carried out; it is tried again.")]
    private static partial void NotSwitched(ILogger logger, Exception cause, string id);
}
