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
    private int _meter;
    private int _assignment;
    private int _fromDay = 1;
    private int _throughDay;

    public static LookedDays Of(MeterState meter, int fromDay, int throughDay, IReadOnlyList<DayRow> rows)
    {
        var looked = new LookedDays { _meter = meter.Number, _assignment = meter.Assignment, _fromDay = fromDay, _throughDay = throughDay };
        foreach (var row in rows.Where(r => r.Key.Day >= fromDay && r.Key.Day <= throughDay))
        {
            looked._values[row.Before.TimeMs] = row.Before.ValueWh;
            foreach (var point in row.Points.Unpack(row.Before))
            {
                looked._values[point.TimeMs] = point.ValueWh;
            }
        }

        return looked;
    }

    public bool Holds(MeterState meter, int day) => meter.Number == _meter && meter.Assignment == _assignment && day >= _fromDay && day <= _throughDay;

    public bool Has(in Reading reading) => _values.TryGetValue(reading.TimeMs, out var known) && known == reading.ValueWh;
}
