namespace AccountGrid.Host.Measures;

/// <summary>How often something was done, and how long it took, in the last minute. It costs the same memory however often that is.</summary>
public sealed class LatencyWindow(TimeProvider time)
{
    private const int Slots = 12;
    private const int SlotSeconds = 5;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, long>[] _counts = [.. Enumerable.Range(0, Slots).Select(_ => new Dictionary<int, long>())];
    private readonly long[] _slots = new long[Slots];

    /// <param name="took">Of each of them.</param>
    /// <param name="count">How many took so long.</param>
    public void Add(TimeSpan took, long count)
    {
        var (bucket, slot) = (LatencyCounts.BucketOf(took), Slot());
        lock (_gate)
        {
            var counts = _counts[slot % Slots];
            if (_slots[slot % Slots] != slot)
            {
                counts.Clear();
                _slots[slot % Slots] = slot;
            }

            counts[bucket] = counts.GetValueOrDefault(bucket) + count;
        }
    }

    /// <summary>The last 55 to 60 seconds.</summary>
    public LatencyCounts Read()
    {
        var slot = Slot();
        lock (_gate)
        {
            return LatencyCounts.Sum(Enumerable.Range(0, Slots).Where(i => _slots[i] > slot - Slots && _slots[i] <= slot)
                .Select(i => new LatencyCounts(new Dictionary<int, long>(_counts[i]))));
        }
    }

    private long Slot() => time.GetUtcNow().ToUnixTimeSeconds() / SlotSeconds;
}
