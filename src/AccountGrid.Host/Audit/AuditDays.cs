using AccountGrid.Domain;
using AccountGrid.Domain.Metering;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Audit;

/// <summary>
/// What an account's explanation and its meters' days show, and what its forecast learns from, against the periods that its balance is made of.
/// </summary>
internal static class AuditDays
{
    /// <param name="closed">Closed days of all meters in their time on the account.</param>
    /// <returns>What does not agree; empty where all does.</returns>
    public static IEnumerable<string> Differences(AccountState state, IReadOnlyList<DayRow> closed, IReadOnlyDictionary<int, AuditTariff> tariffs) =>
        Unexplained(state, closed, tariffs).Concat(Misremembered(state, closed));

    /// <summary>
    /// Closed days and open ones, as they are shown, sum to each period's energy and its cost by rate; no day lies outside of the periods. What open days
    /// would be is the one
    /// part that is the fold's own code: it is what the API shows.
    /// </summary>
    private static IEnumerable<string> Unexplained(AccountState state, IReadOnlyList<DayRow> closed, IReadOnlyDictionary<int, AuditTariff> tariffs)
    {
        if (state.Settled != WideMoney.Zero)
        {
            yield break;
        }

        var left = state.Periods.ToDictionary(p => (p.Tariff, DateOnly.FromDayNumber(p.StartDay)), p => (p.Live.Energy.Wh, Nano: (decimal)p.Live.Base.Nano));
        foreach (var day in closed.Concat(state.Meters.SelectMany(DayClosing.PreviewOpenDays)))
        {
            var key = (day.Tariff, tariffs[day.Tariff].PeriodOf(DateOnly.FromDayNumber(day.Key.Day)));
            var (wh, nano) = left.GetValueOrDefault(key);
            left[key] = (wh - day.Energy.Wh, nano - day.Base.Nano);
        }

        foreach (var ((tariff, start), (wh, nano)) in left.Where(l => l.Value != default))
        {
            yield return $"its days from {start:yyyy-MM-dd} on under tariff {tariff} leave {wh} Wh and {nano / Money.NanoPerUnit} of what is charged "
                + "unexplained";
        }
    }

    /// <summary>What the forecast remembers of a closed day is what its rows say, with those that are taken back and not booked anew yet.</summary>
    private static IEnumerable<string> Misremembered(AccountState state, IReadOnlyList<DayRow> closed)
    {
        if (state.Customer?.Use is not { LastDay: not int.MinValue } use)
        {
            yield break;
        }

        var reopened = state.Meters.SelectMany(m => m.Reopened ?? []).Select(b => (b.Day, b.Energy.Wh));
        var rows = closed.Select(d => (d.Key.Day, d.Energy.Wh)).Concat(reopened).ToLookup(d => d.Day, d => d.Wh);
        for (var day = use.LastDay; day > use.LastDay - UseHistory.Days; day--)
        {
            if (use.Of(day) is { } known && known.Wh != rows[day].Sum())
            {
                yield return $"its forecast goes by {known.Wh} Wh on {Instants.DayToText(day)}, and {rows[day].Sum()} Wh are charged";
            }
        }
    }
}
