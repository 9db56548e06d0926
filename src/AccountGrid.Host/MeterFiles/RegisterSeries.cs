using AccountGrid.Domain;

namespace AccountGrid.Host.MeterFiles;

/// <summary>Values of one register of a meter in file order.</summary>
public sealed record RegisterSeries(string Meter, RegisterKind Register, List<RegisterPoint> Points)
{
    /// <summary>
    /// The values in order of time, each once. Two values of one instant contradict each other: neither is taken, and both are named.
    /// </summary>
    public (List<RegisterPoint> Points, int Repeated, FileErrors Refused) Distinct()
    {
        var (points, repeated, refused) = (new List<RegisterPoint>(Points.Count), 0, new FileErrors());
        foreach (var same in Points.GroupBy(p => p.TimeMs).OrderBy(g => g.Key))
        {
            var rows = same.ToList();
            if (rows.Exists(r => r.MilliWh != rows[0].MilliWh))
            {
                rows.ForEach(r => refused.Add(new FileError(r.Line, $"register {RegisterCodes.Of(Register)} of {Meter}", EnergyText.Kwh(r.MilliWh),
                    $"the one value for {Instants.ToText(r.TimeMs)}: line {rows.First(o => o.MilliWh != r.MilliWh).Line} has another, and none is taken")));
                continue;
            }

            repeated += rows.Count - 1;
            points.Add(rows.MinBy(r => r.Quality & Domain.Readings.ReadingQuality.InDoubt));
        }

        return (points, repeated, refused);
    }
}
