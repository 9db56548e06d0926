using AccountGrid.Contracts;
using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Rating;

namespace AccountGrid.Host.Accounts;

/// <summary>
/// Rates an account's closed months: as they were, each day by the version that held on it, and by other tariffs. It reads tables, and of the account what its
/// partition has in memory: no account's grain is woken.
/// </summary>
internal sealed class MonthRating(TariffCatalog tariffs, MeterDays days, TimeProvider time)
{
    /// <summary>
    /// Most days of meters that are read at once, those of the year's begin included: two years of some fifty meters. With a reading each quarter of an hour
    /// they are some 20 MB.
    /// </summary>
    public const int RowsMax = 40_000;

    /// <summary>Days after a month's end from which its days are taken to be closed and written.</summary>
    private const int ClosingDays = 4;

    /// <summary>Rates the account's last closed months.</summary>
    /// <param name="chosen">In one currency and zone, the account's; at least one.</param>
    /// <returns>Null without a refusal where none of their days is known.</returns>
    public async Task<(RatedMonths? Rated, Refusal? Refusal)> RateAsync(
        AccountAddress address, RatingView account, IReadOnlyList<Tariff> chosen, int months)
    {
        var (from, to) = Window(chosen[0].Calendar.DayOf(time.GetUtcNow().ToUnixTimeMilliseconds()), account.OpenedDay, months);
        if (from > to || account.Tariffs.Length == 0)
        {
            return default;
        }

        // Tiers of a year count from its first day, whether it is shown or not.
        var rows = await days.ClosedAsync(
            address.Number, address.Partition, new DateOnly(DateOnly.FromDayNumber(from).Year, 1, 1).DayNumber, to, RowsMax);
        if (rows is null)
        {
            return (null, new(TariffRefusals.TooManyDays, $"months: '{address.Id}' has more than {RowsMax} days of meters in {months} months."));
        }

        var shown = rows.FindAll(r => r.Key.Day >= from);
        if (shown.Count == 0)
        {
            return default;
        }

        var byNumber = new Dictionary<int, Tariff>();
        foreach (var number in rows.Select(r => r.Tariff).Concat(account.Tariffs.Select(t => t.Tariff)).Distinct())
        {
            byNumber[number] = await tariffs.FindAsync(number);
        }

        if (byNumber.Values.Concat(chosen).FirstOrDefault(t => t.TwoPart is not null) is { } twoPart)
        {
            return (null, new(TariffRefusals.TwoPart,
                $"months: tariff {twoPart.Definition.Id} charges for capacity, demand or power factor, which are not compared."));
        }

        var household = new Household(account.HouseholdSize, account.IsProtectedHousehold);
        var life = (account.OpenedDay, account.LastDay ?? int.MaxValue);
        var cost = Rerating.DailyCosts(
            rows.Select(r => new UsedDay(r.Key.Day, byNumber[r.Tariff], r.RateWh, r.PricesThrough)), household,
            day => byNumber[account.Tariffs.Last(t => t.FromDay <= Math.Max(day, account.OpenedDay)).Tariff], life, from, to);
        return (new(
            from, to, shown.Select(r => r.Key.Day).Distinct().Count(), shown.Sum(r => r.Energy.Wh), cost,
            [
                .. chosen.Select(t => Rerating.DailyCosts(
                    rows.Select(r => Rerating.Under(t, r.Key.Day, r.Energy.Wh, [r.Before, .. r.Points.Unpack(r.Before)], r.Key.Register)),
                    household, _ => t, life, from, to)),
            ]), null);
    }

    /// <summary>The last months that are over and closed, from the account's first day on; the last day is before the first where there is none.</summary>
    public static (int From, int To) Window(int today, int openedDay, int months)
    {
        var closed = DateOnly.FromDayNumber(today - ClosingDays);
        var end = new DateOnly(closed.Year, closed.Month, 1);
        return (Math.Max(openedDay, end.AddMonths(-months).DayNumber), end.DayNumber - 1);
    }
}
