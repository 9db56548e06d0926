namespace AccountGrid.Host.Events;

/// <summary>The next rows of a partition, as a page looks at them.</summary>
/// <param name="upTo">The first position whose rows are not written yet.</param>
/// <param name="looked">Rows that are looked at; as many may have more behind them.</param>
internal sealed class PartitionHead(int partition, long upTo, int looked)
{
    private readonly List<StoredEvent> _events = [];
    private EventPlace _last;
    private EventPlace? _stop;
    private int _rows;
    private int _taken;

    public int Partition { get; } = partition;

    public long UpTo { get; } = upTo;

    /// <summary>The next event that was not taken; null is none.</summary>
    public StoredEvent? Peek => _taken < _events.Count ? _events[_taken] : null;

    public bool HasMore => Peek is not null || (_rows >= looked && _stop is null);

    /// <summary>Where to go on: at the first event that was not taken, else behind all that was looked at.</summary>
    public (int Partition, long Position, int Sequence) Next => Peek is { } next ? (Partition, next.Place.Position, next.Place.Sequence)
        : _stop is { } stop ? (Partition, stop.Position, stop.Sequence)
        : _rows >= looked ? (Partition, _last.Position, _last.Sequence + 1)
        : (Partition, UpTo, 0);

    /// <summary>Nothing from here on is taken, nor passed over.</summary>
    public void StopAt(EventPlace place) => _stop ??= place;

    /// <param name="e">Null is a row that was not asked for.</param>
    public void Add(EventPlace place, StoredEvent? e)
    {
        (_last, _rows) = (place, _rows + 1);
        if (e is not null && _stop is null)
        {
            _events.Add(e);
        }
    }

    public StoredEvent Take() => _events[_taken++];
}
