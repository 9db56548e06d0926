using AccountGrid.Domain;
using AccountGrid.Domain.Readings;

namespace AccountGrid.Host.MeterFiles;

/// <summary>
/// A meter's intervals as its register can show them: in order of time, each once, none negative. Pure: a function of the set of rows, whatever their order.
/// </summary>
/// <param name="Intervals">Rising by end; energy of 0 or more.</param>
/// <param name="StepMs">Usual length of an interval, ms; 0 is not known.</param>
/// <param name="Repeated">Rows that say what another row says.</param>
/// <param name="Netted">Negative rows that the intervals behind them were reduced by.</param>
/// <param name="Refused">Rows that are not sent, with what is wrong with them.</param>
public sealed record IntervalPlan(
    string Meter, RegisterKind Register, List<Interval> Intervals, int StepMs, int Repeated, int Netted, FileErrors Refused)
{
    /// <summary>How far behind a negative row the intervals may lie that it takes its energy from, ms: a correction is about its own day.</summary>
    public const long NettingMs = Instants.MsPerDay;

    public static IntervalPlan Of(IntervalSeries series)
    {
        var refused = new FileErrors();
        var rows = new List<Interval>(series.Intervals);
        rows.Sort((a, b) => a.EndMs != b.EndMs ? a.EndMs.CompareTo(b.EndMs) : a.Line.CompareTo(b.Line));
        var repeated = 0;
        var distinct = new List<Interval>(rows.Count);
        for (var i = 0; i < rows.Count;)
        {
            var next = i + 1;
            for (; next < rows.Count && rows[next].EndMs == rows[i].EndMs; next++)
            {
            }

            if (Same(rows, i, next) is { } one)
            {
                repeated += next - i - 1;
                distinct.Add(one);
            }
            else
            {
                for (var k = i; k < next; k++)
                {
                    refused.Add(Contradiction(series, rows[k], rows[k == i ? i + 1 : i]));
                }
            }

            i = next;
        }

        var (net, netted) = Net(series, WithoutOverlaps(series, distinct, refused), refused);
        return new IntervalPlan(series.Meter, series.Register, net, series.StepMs, repeated, netted, refused);
    }

    /// <summary>Start of an interval, UTC ms. Where its length is not told it is the usual one, and a second where nothing tells that.</summary>
    public long StartOf(in Interval interval) => interval.EndMs - (interval.LengthMs > 0 ? interval.LengthMs : Math.Max(StepMs, 1000));

    /// <summary>The row that all of one end are; the one in least doubt where they differ in that. Null where they say different things.</summary>
    private static Interval? Same(List<Interval> rows, int from, int to)
    {
        var one = rows[from];
        for (var i = from + 1; i < to; i++)
        {
            if (rows[i].MilliWh != one.MilliWh || rows[i].LengthMs != one.LengthMs)
            {
                return null;
            }

            one = (rows[i].Quality & ReadingQuality.InDoubt) < (one.Quality & ReadingQuality.InDoubt) ? rows[i] : one;
        }

        return one;
    }

    private static FileError Contradiction(IntervalSeries series, in Interval row, in Interval other)
    {
        var length = other.LengthMs == row.LengthMs ? "" : " in another length";
        return new(row.Line, Field(series), EnergyText.Kwh(row.MilliWh),
            $"the one value for {Instants.ToText(row.EndMs)}: line {other.Line} has {EnergyText.Kwh(other.MilliWh)}{length}, and none of them is taken. A "
                + "doubled hour of autumn needs its instants in UTC");
    }

    /// <summary>Energy of the same time twice would be charged twice; which of the two is meant cannot be known.</summary>
    private static List<Interval> WithoutOverlaps(IntervalSeries series, List<Interval> rows, FileErrors refused)
    {
        // By row, one that it overlaps: behind it the one that begins first, else the one before it.
        var other = new int[rows.Count];
        var (firstStartMs, first) = (long.MaxValue, -1);
        for (var i = rows.Count - 1; i >= 0; i--)
        {
            var startMs = rows[i].LengthMs == 0 ? long.MaxValue : rows[i].EndMs - rows[i].LengthMs;
            other[i] = firstStartMs < rows[i].EndMs ? first : i > 0 && rows[i - 1].EndMs > startMs ? i - 1 : -1;
            (firstStartMs, first) = startMs < firstStartMs ? (startMs, i) : (firstStartMs, first);
        }

        for (var i = 0; i < rows.Count; i++)
        {
            if (other[i] >= 0)
            {
                refused.Add(Overlap(rows[i], rows[other[i]]));
            }
        }

        return [.. rows.Where((_, i) => other[i] < 0)];

        FileError Overlap(in Interval row, in Interval other) => new(row.Line, Field(series), EnergyText.Kwh(row.MilliWh),
            $"of a time of its own: the interval that ends at {Instants.ToText(row.EndMs)} overlaps that of line {other.Line}, and none of them is taken");
    }

    /// <summary>
    /// A register does not run backwards. A negative row reduces the intervals of the day behind it, if they have as much; it is refused if they have not.
    /// </summary>
    private static (List<Interval> Net, int Netted) Net(IntervalSeries series, List<Interval> intervals, FileErrors refused)
    {
        var net = new List<Interval>(intervals.Count);
        var (owed, netted) = (0L, 0);
        for (var i = 0; i < intervals.Count; i++)
        {
            var interval = intervals[i];
            if (interval.MilliWh < 0 && !IsMadeUpFor(intervals, i, owed))
            {
                refused.Add(new FileError(interval.Line, Field(series), EnergyText.Kwh(interval.MilliWh),
                    $"0 or more, and the intervals of the {NettingMs / Instants.MsPerHour} hours behind it have less to be reduced by; correct the interval "
                        + "that it belongs to"));
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

    private static string Field(IntervalSeries series) =>
        series.Register == RegisterKind.Import ? $"kwh of {series.Meter}" : $"kwh of {series.Meter}, {RegisterCodes.Of(series.Register)}";
}
