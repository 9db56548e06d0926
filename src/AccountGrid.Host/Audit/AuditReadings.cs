using AccountGrid.Domain;
using AccountGrid.Domain.Readings;

namespace AccountGrid.Host.Audit;

/// <summary>Every reading that the log holds for a meter is one of its points, and every point is one that the log holds.</summary>
/// <param name="seen">Points by meter, assignment and register.</param>
internal sealed class AuditReadings(int partition, AuditLog log, IReadOnlyDictionary<(int Meter, int Assignment, RegisterKind Register), List<Point>> seen,
    AuditExceptions exceptions)
{
    private readonly HashSet<(int Meter, long Ms)> _byCommand = log.TimesOfCommands();

    public IEnumerable<string> Differences() => Unlogged().Concat(Unknown());

    private IEnumerable<string> Unlogged()
    {
        foreach (var ((meter, _, register), points) in seen)
        {
            var logged = log.Readings.GetValueOrDefault((meter, register));
            foreach (var point in points)
            {
                var isLogged = logged?.TryGetValue(point.TimeMs, out var r) == true
                    && (r.ValueWh == point.ValueWh || exceptions.Has(meter, register, point.TimeMs, ReadingRefusals.Conflict));
                if (!isLogged && !_byCommand.Contains((meter, point.TimeMs)) && !point.Quality.HasFlag(ReadingQuality.BackBillingBorder))
                {
                    yield return
                        $"partition {partition}: meter {meter} has {point.ValueWh} Wh at {Instants.ToText(point.TimeMs)}, which the log does not hold";
                }
            }
        }
    }

    private IEnumerable<string> Unknown()
    {
        var known = seen.GroupBy(s => (s.Key.Meter, s.Key.Register))
            .ToDictionary(g => g.Key, g => (Times: g.SelectMany(s => s.Value).Select(p => p.TimeMs).ToHashSet(), From: g.Min(s => s.Value[0].TimeMs)));
        foreach (var ((meter, register), readings) in log.Readings)
        {
            if (!known.TryGetValue((meter, register), out var points))
            {
                continue;
            }

            // What was passed on to another partition, or lies outside the meter's time here, is that partition's or an exception.
            foreach (var (ms, value) in readings)
            {
                if (!points.Times.Contains(ms) && seen.Any(
                    s => (s.Key.Meter, s.Key.Register) == (meter, register) && ms > s.Value[0].TimeMs && ms <= s.Value[^1].TimeMs)
                    && !_byCommand.Contains((meter, ms)) && !exceptions.Has(meter, register, ms, null))
                {
                    yield return
                        $"partition {partition}: meter {meter} does not know {value.ValueWh} Wh at {Instants.ToText(ms)}, which was acknowledged";
                }
            }
        }
    }
}
