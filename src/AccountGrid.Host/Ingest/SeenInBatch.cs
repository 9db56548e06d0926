using System.Buffers;

namespace AccountGrid.Host.Ingest;

/// <summary>Which readings of one batch were seen: an open table of places in the batch, rented, so that a batch costs no allocation.</summary>
internal readonly ref struct SeenInBatch(Span<(int Line, WireReading Reading)> readings) : IDisposable
{
    private readonly Span<(int Line, WireReading Reading)> _readings = readings;
    private readonly int[] _slots = Rent(readings.Length);

    /// <summary>False if the same reading stands earlier in the batch.</summary>
    public bool Add(int index)
    {
        ref readonly var reading = ref _readings[index].Reading;
        var at = unchecked((int)((reading.MeterHash ^ ((ulong)reading.TimeMs * 0x9e3779b97f4a7c15)) % (ulong)_slots.Length));
        while (_slots[at] != 0)
        {
            if (_readings[_slots[at] - 1].Reading == reading)
            {
                return false;
            }

            at = at + 1 == _slots.Length ? 0 : at + 1;
        }

        _slots[at] = index + 1;
        return true;
    }

    public void Dispose() => ArrayPool<int>.Shared.Return(_slots);

    private static int[] Rent(int count)
    {
        var slots = ArrayPool<int>.Shared.Rent((count * 2) + 1);
        Array.Clear(slots);
        return slots;
    }
}
