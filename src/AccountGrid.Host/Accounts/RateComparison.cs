using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Rating;

namespace AccountGrid.Host.Accounts;

/// <summary>Rates an account's closed months under other tariffs, beside what they did cost.</summary>
internal sealed class RateComparison(TariffCatalog tariffs, MeterDays days, IGrainFactory grains, TimeProvider time)
{
    /// <summary>Most tariffs of a request: each rates every day anew.</summary>
    private const int TariffsMax = 20;

    /// <summary>Most months of a request: what a customer can look back on with last year beside it.</summary>
    private const int MonthsMax = 24;

    /// <summary>Days after a month's end from which its days are taken to be closed and written.</summary>
    private const int ClosingDays = 4;

    public async Task<(RateComparisonAnswer? Answer, Refusal? Refusal)> CompareAsync(AccountAddress address, RateComparisonRequest request)
    {
        if (Wrong(request) is { } wrong)
        {
            return (null, wrong);
        }

        if (await grains.Account(address.Id).Get() is not { } account)
        {
            return (null, new(AccountRefusals.Unknown, $"There is no account '{address.Id}'."));
        }

        var chosen = new List<Tariff>();
        foreach (var (i, choice) in request.Tariffs.Index())
        {
            var (tariff, refusal) = await FindAsync(choice, $"tariffs[{i}]", account);
            if (tariff is null)
            {
                return (null, refusal);
            }

            chosen.Add(tariff);
        }

        var household = new Household(account.HouseholdSize, account.IsProtectedHousehold);
        return await OfMonthsAsync(address, household, chosen[0].Calendar.DayOf(account.OpenedMs), chosen, request.Months) is { } rated
            ? (AnswerOf(address.Id, account.Currency, chosen, rated), null)
            : (null, new(TariffRefusals.NothingToCompare, $"months: no day of '{address.Id}' in the last {request.Months} closed months is known."));
    }

    /// <summary>Rates an account's last closed months; null where none of their days is known.</summary>
    /// <param name="household">Of today; all days are rated for it.</param>
    /// <param name="openedDay">The account's first local day.</param>
    /// <param name="chosen">In one currency and zone, the account's.</param>
    public async Task<RatedMonths?> OfMonthsAsync(AccountAddress address, Household household, int openedDay, IReadOnlyList<Tariff> chosen, int months)
    {
        var closed = DateOnly.FromDayNumber(chosen[0].Calendar.DayOf(time.GetUtcNow().ToUnixTimeMilliseconds()) - ClosingDays);
        var end = new DateOnly(closed.Year, closed.Month, 1);
        var (from, to) = (Math.Max(openedDay, end.AddMonths(-months).DayNumber), end.DayNumber - 1);

        // Tiers of a year count from its first day, whether it is shown or not.
        var rows = await days.ClosedAsync(address.Number, address.Partition, new DateOnly(DateOnly.FromDayNumber(from).Year, 1, 1).DayNumber, to);
        var shown = rows.FindAll(r => r.Key.Day >= from);
        if (shown.Count == 0)
        {
            return null;
        }

        var used = new List<UsedDay>();
        foreach (var row in rows)
        {
            used.Add(new(row.Key.Day, await tariffs.FindAsync(row.Tariff), row.RateWh));
        }

        WideMoney CostOf(IEnumerable<UsedDay> of) =>
            Rerating.DailyCosts(of, household, openedDay, from, to).Aggregate(WideMoney.Zero, (sum, day) => sum + day);
        return new(
            from, to, shown.Select(r => r.Key.Day).Distinct().Count(), shown.Sum(r => r.Energy.Wh), CostOf(used),
            [.. chosen.Select(t => CostOf(rows.Select(r => Rerating.Under(t, r.Key.Day, r.Energy.Wh, [r.Before, .. r.Points.Unpack(r.Before)]))))]);
    }

    private static RateComparisonAnswer AnswerOf(string id, string currency, List<Tariff> chosen, RatedMonths rated) => new(
        id, currency, DateOnly.FromDayNumber(rated.FromDay), DateOnly.FromDayNumber(rated.ToDay), rated.Days, rated.EnergyWh, rated.Cost.ToString(),
        [
            .. chosen.Zip(rated.Costs, (tariff, cost) => new ComparedRate(
                tariff.Definition.Id, tariff.Definition.Version, cost.ToString(), (cost - rated.Cost).ToString())),
        ]);

    private async Task<(Tariff? Tariff, Refusal? Refusal)> FindAsync(RateChoice choice, string field, AccountView account)
    {
        var id = choice.Tariff;
        if (InternalTariffs.Is(id) || await tariffs.FindAsync(id, choice.Version) is not { } found)
        {
            return (null, new(TariffRefusals.Unknown, $"{field}: there is no tariff '{id}'{(choice.Version is { } v ? $" with version {v}" : "")}."));
        }

        if (found.Definition.Currency != account.Currency || found.Definition.Zone != account.Zone)
        {
            return (null, new(TariffRefusals.Incompatible,
                $"{field}: '{id}' is in {found.Definition.Currency} and {found.Definition.Zone}; the account has {account.Currency} and {account.Zone}."));
        }

        if (choice.Version is not null)
        {
            return found.Product.IsWithdrawn(found)
                ? (null, new(TariffRefusals.Withdrawn, $"{field}.version: version {choice.Version} of product {id} was withdrawn; name another version."))
                : (found, null);
        }

        var today = found.Calendar.DayOf(time.GetUtcNow().ToUnixTimeMilliseconds());
        return found.Product.VersionOn(today) is { } current
            ? (current, null)
            : (null, new(TariffRefusals.NotEffective,
                $"{field}: on {Instants.DayToText(today)} no version of tariff {id} is in force; name one of its versions."));
    }

    private static Refusal? Wrong(RateComparisonRequest request) =>
        request.Tariffs is not { Count: >= 1 and <= TariffsMax }
            ? new(RequestRefusals.ValueInvalid, $"tariffs: {request.Tariffs?.Count ?? 0} tariffs are not 1 to {TariffsMax}.")
            : request.Tariffs.ToList().FindIndex(c => string.IsNullOrEmpty(c?.Tariff)) is >= 0 and var none
            ? new(RequestRefusals.ValueInvalid, $"tariffs[{none}].tariff: '' is not the name of a tariff.")
            : request.Months is < 1 or > MonthsMax
            ? new(RequestRefusals.ValueInvalid, $"months: {request.Months} is not 1 to {MonthsMax}.")
            : null;
}
