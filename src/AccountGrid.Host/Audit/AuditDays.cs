using AccountGrid.Domain;
using AccountGrid.Domain.Metering;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
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
        Unexplained(state, closed, tariffs).Concat(Unexported(state, closed, tariffs)).Concat(Misremembered(state, closed));

    /// <summary>Points that count and should not, and the other way.</summary>
    /// <param name="line">Those that should.</param>
    public static IEnumerable<string> Miscounted(IReadOnlyList<Point> points, IReadOnlyList<Point> line)
    {
        var counts = line.Select(p => p.TimeMs).ToHashSet();
        foreach (var wrong in points.Where(p => RegisterLine.Counts(p) != counts.Contains(p.TimeMs)))
        {
            yield return $"{wrong.ValueWh} Wh at {Instants.ToText(wrong.TimeMs)} "
                + (RegisterLine.Counts(wrong) ? "counts and should not" : "should count and does not");
        }
    }

    /// <summary>Days of 2.8.0, as they are shown, sum to each period's exported energy.</summary>
    private static IEnumerable<string> Unexported(AccountState state, IReadOnlyList<DayRow> closed, IReadOnlyDictionary<int, AuditTariff> tariffs)
    {
        if (state.Settled != WideMoney.Zero || !state.Meters.Exists(m => m.Export is not null))
        {
            yield break;
        }

        var left = state.Periods.ToDictionary(p => (p.Tariff, DateOnly.FromDayNumber(p.StartDay)), p => p.Live.ByRate?.ExportedWh.Sum() ?? 0);
        foreach (var day in closed.Concat(state.Meters.SelectMany(DayClosing.PreviewOpenDays)).Where(d => d.Key.Register == RegisterKind.Export))
        {
            var key = (day.Tariff, tariffs[day.Tariff].PeriodOf(DateOnly.FromDayNumber(day.Key.Day)));
            left[key] = left.GetValueOrDefault(key) - day.Energy.Wh;
        }

        foreach (var ((tariff, start), wh) in left.Where(l => l.Value != 0))
        {
            yield return $"its days from {start:yyyy-MM-dd} on under tariff {tariff} leave {wh} Wh of what was exported unexplained";
        }
    }

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
        foreach (var day in closed.Concat(state.Meters.SelectMany(DayClosing.PreviewOpenDays)).Where(d => RegisterCodes.IsImport(d.Key.Register)))
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

        var reopened = state.Meters.SelectMany(m => m.ImportLines).SelectMany(m => m.Reopened ?? []).Select(b => (b.Day, b.Energy.Wh));
        var rows = closed.Where(d => RegisterCodes.IsImport(d.Key.Register)).Select(d => (d.Key.Day, d.Energy.Wh)).Concat(reopened)
            .ToLookup(d => d.Day, d => d.Wh);
        for (var day = use.LastDay; day > use.LastDay - UseHistory.Days; day--)
        {
            if (use.Of(day) is { } known && known.Wh != rows[day].Sum())
            {
                yield return $"its forecast goes by {known.Wh} Wh on {Instants.DayToText(day)}, and {rows[day].Sum()} Wh are charged";
            }
        }
    }
}
