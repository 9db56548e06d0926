using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Partitions;

/// <summary>Closed days that a record touches and that must be put in memory before it can be folded: those of all registers of the meter.</summary>
/// <param name="Meter">The line that needs them.</param>
/// <param name="FromDay">First day needed, and all later ones.</param>
/// <param name="AndPrevious">The nearest earlier day that holds a point of the line, too.</param>
/// <param name="ThroughDay">Days up to this one only, for a look that changes nothing; null opens all of them.</param>
public sealed record DaysNeeded(MeterState Meter, int FromDay, bool AndPrevious, int? ThroughDay = null)
{
    /// <summary>Whether a day is of the meter, in the time that it is on the account.</summary>
    public bool IsOf(in DayKey day) => day.Meter == Meter.Number && day.Assignment == Meter.Assignment;

    /// <summary>The rows that are needed, rising by day.</summary>
    /// <param name="closed">Closed days of the meter, each as it was closed last.</param>
    public List<DayRow> Of(IEnumerable<DayRow> closed)
    {
        var through = Math.Min(Meter.ClosedThroughDay, ThroughDay ?? int.MaxValue);
        var rows = closed.Where(d => d.Key.Day <= through).ToList();
        var from = FromDay;
        if (AndPrevious)
        {
            from = rows.Where(d => d.Key.Register == Meter.Register && d.Key.Day < FromDay && d.Points.Count > 0).Select(d => d.Key.Day)
                .DefaultIfEmpty(FromDay).Max();
        }

        return [.. rows.Where(d => d.Key.Day >= from).OrderBy(d => d.Key.Day).ThenBy(d => d.Key.Register)];
    }
}
