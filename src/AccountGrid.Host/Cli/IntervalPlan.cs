using AccountGrid.Domain;

namespace AccountGrid.Host.Cli;

/// <summary>
/// A meter's intervals as its register can show them: in order of time, each once, none negative. Pure: a function of the set of rows, whatever their order.
/// </summary>
/// <param name="Intervals">Rising by end; energy of 0 or more.</param>
/// <param name="StepMs">Usual length of an interval, ms; 0 is not known.</param>
/// <param name="Repeated">Rows that say what another row says.</param>
/// <param name="Netted">Negative rows that the intervals behind them were reduced by.</param>
/// <param name="Refused">Rows that are not sent, with what is wrong with them.</param>
public sealed record IntervalPlan(string Meter, List<Interval> Intervals, int StepMs, int Repeated, int Netted, List<string> Refused)
{
    /// <summary>How far behind a negative row the intervals may lie that it takes its energy from, ms: a correction is about its own day.</summary>
    public const long NettingMs = Instants.MsPerDay;

    public static IntervalPlan Of(IntervalSeries series)
    {
        var refused = new List<string>();
        var repeated = 0;
        var distinct = new List<Interval>();
        foreach (var same in series.Intervals.GroupBy(i => i.EndMs).OrderBy(g => g.Key))
        {
            var rows = same.ToList();
            if (rows.Exists(r => r.MilliWh != rows[0].MilliWh))
            {
                refused.AddRange(
                    rows.Select(
                        r => $"{Place(series, r)}: kwh: {Kwh(r)} contradicts "
                            + $"{string.Join(", ", rows.Where(o => o.MilliWh != r.MilliWh).Select(o => $"{Kwh(o)} in line {o.Line}"))} for "
                            + $"{Instants.ToText(r.EndMs)}; none of them is taken. An interval has one value; a doubled hour of autumn needs its instants "
                            + "in UTC."));
            }
            else
            {
                repeated += rows.Count - 1;
                distinct.Add(rows[0]);
            }
        }

        var (net, netted) = Net(series, distinct, refused);
        return new IntervalPlan(series.Meter, net, series.StepMs, repeated, netted, refused);
    }

    /// <summary>
    /// A register does not run backwards. A negative row reduces the intervals of the day behind it, if they have as much; it is refused if they have not.
    /// </summary>
    private static (List<Interval> Net, int Netted) Net(IntervalSeries series, List<Interval> intervals, List<string> refused)
    {
        var net = new List<Interval>(intervals.Count);
        var (owed, netted) = (0L, 0);
        for (var i = 0; i < intervals.Count; i++)
        {
            var interval = intervals[i];
            if (interval.MilliWh < 0 && !IsMadeUpFor(intervals, i, owed))
            {
                refused.Add(
                    $"{Place(series, interval)}: kwh: {Kwh(interval)} is negative, and the intervals of the {NettingMs / Instants.MsPerHour} hours behind "
                        + "it have less. Correct the interval that it belongs to.");
                continue;
            }

            netted += interval.MilliWh < 0 ? 1 : 0;
            var left = interval.MilliWh - owed;
            owed = Math.Max(0, -left);
            net.Add(interval with { MilliWh = Math.Max(0, left) });
        }

        return (net, netted);
    }

    private static bool IsMadeUpFor(List<Interval> intervals, int at, long owed)
    {
        var need = owed - intervals[at].MilliWh;
        for (var i = at + 1; i < intervals.Count && need > 0 && intervals[i].EndMs - intervals[at].EndMs <= NettingMs; i++)
        {
            need -= Math.Max(0, intervals[i].MilliWh);
        }

        return need <= 0;
    }

    private static string Place(IntervalSeries series, Interval row) => $"line {row.Line} ({series.Meter})";

    private static string Kwh(Interval row) => (row.MilliWh / 1_000_000m).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
