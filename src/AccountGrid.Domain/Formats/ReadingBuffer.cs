using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.Formats;

/// <summary>Gathers readings into the bytes of one append. Used again and again, so that steady traffic allocates nothing.</summary>
public sealed class ReadingBuffer
{
    private byte[] _bytes = new byte[256];
    private int _length;
    private long _receivedMs;

    public int Count { get; private set; }

    /// <summary>The append's bytes; good until the next change.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    /// <param name="receivedMs">When the append is taken in, UTC ms: what the fold takes for now.</param>
    public void Begin(long receivedMs)
    {
        _receivedMs = receivedMs;
        _length = LogRecords.WriteHeader(_bytes, receivedMs);
    }

    /// <summary>Adds a reading behind the others; returns the bytes that it took.</summary>
    public int Add(in Reading reading)
    {
        if (_length + LogRecords.MaxReadingBytes > _bytes.Length)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }

        var size = LogRecords.WriteReading(_bytes.AsSpan(_length), _receivedMs, reading);
        _length += size;
        Count++;
        return size;
    }

    public void Clear() => (_length, Count) = (0, 0);
}
