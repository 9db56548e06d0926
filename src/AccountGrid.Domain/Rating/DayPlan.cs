namespace AccountGrid.Domain.Rating;

/// <summary>
/// One local day under one tariff: its instants, and the rate of every quarter hour counted from its start. Days with a clock
/// change have 92 or 100 quarters. Immutable and shared.
/// </summary>
public sealed class DayPlan
{
    private readonly byte[] _rates;
    private readonly byte[] _hours;
    private readonly byte[] _runEnds;

    internal DayPlan(int day, long startMs, long endMs, byte[] rates, byte[] hours)
    {
        Day = day;
        StartMs = startMs;
        EndMs = endMs;
        _rates = rates;
        _hours = hours;
        _runEnds = new byte[rates.Length];
        for (var i = rates.Length - 1; i >= 0; i--)
        {
            _runEnds[i] = i + 1 < rates.Length && rates[i + 1] == rates[i] ? _runEnds[i + 1] : (byte)i;
        }
    }

    /// <summary>The local day's <see cref="DateOnly.DayNumber"/>.</summary>
    public int Day { get; }

    public long StartMs { get; }

    public long EndMs { get; }

    public int SlotOf(long ms) => (int)((ms - StartMs) / Limits.SlotMs);

    public int RateOf(int slot) => _rates[slot];

    /// <summary>Wall-clock hour of a slot, 0 to 23: the index into a meter's own load shape.</summary>
    public int HourOf(int slot) => _hours[slot];

    /// <summary>The same day at one rate.</summary>
    internal DayPlan WithRate(int rate) => new(Day, StartMs, EndMs, [.. _rates.Select(_ => (byte)rate)], _hours);

    /// <summary>The same day with each interval as a rate of its own, counted from its start.</summary>
    /// <param name="slots">Quarter hours of an interval.</param>
    internal DayPlan WithIntervals(int slots) => new(Day, StartMs, EndMs, [.. _rates.Select((_, i) => (byte)(i / slots))], _hours);

    /// <summary>Whether a part of the day lies within one hour of the clock.</summary>
    internal bool IsOneHour(long fromMs, long toMs) =>
        toMs - fromMs <= Instants.MsPerHour && _hours[SlotOf(fromMs)] == _hours[SlotOf(toMs - 1)];

    public bool Contains(long ms) => ms >= StartMs && ms < EndMs;

    /// <summary>Whether [from, to) lies in this day under a single rate; the common case of a reading.</summary>
    public bool IsSingleRate(long fromMs, long toMs, out int rate)
    {
        rate = 0;
        if (fromMs < StartMs || toMs > EndMs)
        {
            return false;
        }

        var first = SlotOf(fromMs);
        rate = _rates[first];
        return SlotOf(toMs - 1) <= _runEnds[first];
    }
}
