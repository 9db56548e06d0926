using AccountGrid.Domain;

namespace AccountGrid.Host.MeterFiles;

/// <summary>Intervals of one register of a meter in file order, and the usual step between them, ms.</summary>
public sealed record IntervalSeries(string Meter, List<Interval> Intervals, RegisterKind Register = RegisterKind.Import)
{
    public int StepMs
    {
        get
        {
            var ends = Intervals.Select(i => i.EndMs).Order().ToList();
            return ends.Count < 2 ? 0 : (int)Math.Min(Instants.MsPerDay, ends.Zip(ends.Skip(1), (a, b) => b - a).Where(d => d > 0).DefaultIfEmpty(0).Min());
        }
    }
}
