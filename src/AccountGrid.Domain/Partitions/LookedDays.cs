using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Partitions;

/// <summary>
/// Points of closed days that were looked at and not opened: whether a reading that comes too late is known already. The last that was asked for is kept, as
/// resent data come in order.
/// </summary>
internal sealed class LookedDays
{
    private readonly Dictionary<long, long> _values = [];
    private readonly Dictionary<long, PointDecision> _decided = [];
    private int _meter;
    private int _assignment;
    private RegisterKind _register;
    private int _fromDay = 1;
    private int _throughDay;

    public static LookedDays Of(MeterState meter, int fromDay, int throughDay, IReadOnlyList<DayRow> rows)
    {
        var looked = new LookedDays
        {
            _meter = meter.Number,
            _assignment = meter.Assignment,
            _register = meter.Register,
            _fromDay = fromDay,
            _throughDay = throughDay,
        };
        foreach (var row in rows.Where(r => r.Key.Register == meter.Register && r.Key.Day >= fromDay && r.Key.Day <= throughDay))
        {
            looked._values[row.Before.TimeMs] = row.Before.ValueWh;
            foreach (var point in row.Points.Unpack(row.Before))
            {
                looked._values[point.TimeMs] = point.ValueWh;
                if (point.Decision is { } decision)
                {
                    looked._decided[point.TimeMs] = decision;
                }
            }
        }

        return looked;
    }

    public bool Holds(MeterState meter, int day) =>
        meter.Number == _meter && meter.Assignment == _assignment && meter.Register == _register && day >= _fromDay && day <= _throughDay;

    /// <summary>Whether a reading's value is known, or was before a person decided about it.</summary>
    public bool Has(in Reading reading) => (_values.TryGetValue(reading.TimeMs, out var known) && known == reading.ValueWh)
        || (_decided.TryGetValue(reading.TimeMs, out var decision) && decision.KnownWh == reading.ValueWh);
}
