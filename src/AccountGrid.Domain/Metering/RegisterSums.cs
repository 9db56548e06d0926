using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Metering;

/// <summary>
/// Whether a meter's rate registers add up to its 1.8.0, day by day as days close: all of its lines are open then. Only readings are compared: what registers
/// show at a start may be the last values known of different times, or not be known of 1.8.0.
/// </summary>
internal static class RegisterSums
{
    /// <summary>Compares the registers on each day that is about to close, and raises or resolves the day's exception.</summary>
    /// <param name="throughDay">Last local day that closes.</param>
    internal static void Compare(FoldContext context, AccountState account, MeterState meter, int throughDay)
    {
        if (meter.Rates is null)
        {
            return;
        }

        var lines = meter.ImportLines.Select(l => MeterLine.PointsOf(l).FindAll(p => RegisterLine.Counts(p) && p.TimeMs > meter.FromMs)).ToList();
        var reopened = meter.ImportLines.SelectMany(l => l.Reopened ?? []).Select(b => b.Day).ToHashSet();
        var days = lines.SelectMany(l => l).Select(p => account.Calendar.DayOfIntervalEnd(p.TimeMs)).Concat(reopened).Distinct().Order();
        foreach (var day in days.Where(d => d <= throughDay && d > meter.ClosedThroughDay))
        {
            var (startMs, endMs) = (account.Calendar.StartOf(day), account.Calendar.StartOf(day + 1));
            var compared = RegisterComparison.Of(
                meter.Rating, PartOf(lines[0], startMs, endMs), [.. lines.Skip(1).Select(l => PartOf(l, startMs, endMs))]);
            if (compared is { Disagrees: true })
            {
                ReadingExceptions.Raise(context, meter, account, compared.To with { TimeMs = endMs }, VeeOutcome.RegistersDisagree, 0,
                    $"From {Instants.ToText(compared.From.TimeMs)} to {Instants.ToText(compared.To.TimeMs)} 1.8.0 counted {compared.TotalWh} Wh and 1.8.1 to "
                        + $"{RegisterCodes.Of(meter.Rates[^1].Register)} together {compared.RatesWh} Wh; their steps explain {compared.ToleranceWh} Wh.");
            }
            else if (reopened.Contains(day))
            {
                ReadingExceptions.Resolve(context, meter, account, meter.Last with { TimeMs = endMs }, VeeOutcome.RegistersDisagree);
            }
        }
    }

    /// <summary>The points of a day, behind the last one before it.</summary>
    private static List<Point> PartOf(List<Point> points, long startMs, long endMs)
    {
        var first = points.FindLastIndex(p => p.TimeMs <= startMs);
        return [.. points.Skip(Math.Max(0, first)).TakeWhile(p => p.TimeMs <= endMs)];
    }
}
