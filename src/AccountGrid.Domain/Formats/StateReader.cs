using System.Buffers;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Formats;

internal ref struct StateReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    public readonly bool AtEnd => _at >= _bytes.Length;

    /// <summary>Bytes that were read.</summary>
    public readonly int Offset => _at;

    public void Movements(List<MoneyMovement> into, long fromPosition, int fromDay)
    {
        for (var n = Unsigned(); n > 0; n--)
        {
            fromPosition += Signed();
            var word = Signed();
            fromDay += (int)(word >> 3);
            into.Add(new MoneyMovement(fromPosition, fromDay, Money(), (word & 1) != 0 ? Money() : default, (word & 2) != 0,
                (word & 4) != 0 ? new TransferSource((AccountKind)Unsigned(), Int(), Int(), new Money(Signed())) : null));
        }
    }

    /// <summary>Everything that was not read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest() => _bytes[_at..];

    public ulong Unsigned() => VarInt.Read(_bytes, ref _at);

    public long Signed() => VarInt.UnZigZag(Unsigned());

    public WideMoney Wide()
    {
        UInt128 value = 0;
        for (var shift = 0; shift < 128 && !AtEnd; shift += 7)
        {
            var next = _bytes[_at++];
            value |= (UInt128)(uint)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return new(unchecked((Int128)(value >> 1) ^ -(Int128)(value & 1)));
            }
        }

        throw new FormatException($"A sum is cut off or too long at byte {_at} of {_bytes.Length}.");
    }

    public int Int() => checked((int)Signed());

    public ReadOnlySpan<byte> Bytes()
    {
        var length = checked((int)Unsigned());
        if (length > _bytes.Length - _at)
        {
            throw new FormatException($"A state is cut off: {length} bytes wanted, {_bytes.Length - _at} left.");
        }

        var slice = _bytes.Slice(_at, length);
        _at += length;
        return slice;
    }

    public byte[]? BytesOrNull() => Bytes() is { Length: > 0 } bytes ? bytes.ToArray() : null;

    public Point Point() => new(Signed(), Signed(), (ReadingQuality)Unsigned(), (byte)Unsigned(), BytesOrNull());

    public int Day(int from) => Unsigned() is var n && n == 0 ? int.MinValue : checked((int)(from + VarInt.UnZigZag(n - 1)));

    public long Instant(long fromMs) => Unsigned() switch
    {
        Coding.LeastInstant => long.MinValue,
        Coding.MostInstant => long.MaxValue,
        var n => fromMs + (VarInt.UnZigZag((n - Coding.FirstInstant) >> 1) * (((n - Coding.FirstInstant) & 1) == 0 ? Coding.MsPerMinute : 1)),
    };

    public Money Money() => Unsigned() is var n && (n & 1) == 0 ? new Money(VarInt.UnZigZag(n >> 1) * Coding.NanoPerHundredth) : new Money(Signed());

    /// <summary>The rest, with its runs of zeros.</summary>
    public byte[] Zeros()
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        while (!AtEnd)
        {
            var next = _bytes[_at++];
            if (next != 0)
            {
                bytes.Write([next]);
                continue;
            }

            var run = Unsigned() is var n && n is > 0 and <= ushort.MaxValue
                ? (int)n
                : throw new FormatException($"A state has a run of {n} zeros; 1 to {ushort.MaxValue} are allowed.");
            bytes.GetSpan(run)[..run].Clear();
            bytes.Advance(run);
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>What <see cref="StateWriter.Longs"/> wrote; null for none.</summary>
    public long[]? LongsOrNull()
    {
        var count = Unsigned();
        if (count == 0)
        {
            return null;
        }

        var values = count <= Limits.IntervalsMax ? new long[count] : throw new FormatException($"Numbers by {count} rates.");
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Signed();
        }

        return values;
    }

    public Sums Sums() => new(new Energy(Signed()), Wide(), Int());

    public LevelState Levels()
    {
        var levels = new Level[Unsigned()];
        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = Level.OfAmount(new Money(Signed()));
        }

        return LevelState.Restore(levels, (byte)Unsigned(), Int());
    }

    /// <param name="tail">The point before the first.</param>
    public void Chunks(ref OpenPoints open, Point tail)
    {
        for (var n = Unsigned(); n > 0; n--)
        {
            var count = (int)Unsigned();
            open.AddStored(tail, Bytes(), count);
            tail = open.LastOr(tail);
        }
    }

    public List<DayWeights>? Weights(int fromDay)
    {
        var count = Unsigned();
        if (count > Limits.ShapeDays)
        {
            throw new FormatException($"A state has the use by hour of {count} days; at most {Limits.ShapeDays} are kept.");
        }

        var days = count == 0 ? null : new List<DayWeights>((int)count);
        for (; count > 0; count--)
        {
            fromDay = Day(fromDay);
            days!.Add(new DayWeights(fromDay, Fixed(LoadShape.Length)));
        }

        return days;
    }

    public Doubts Doubts(long fromMs) =>
        Instant(fromMs) is var last && last == long.MinValue ? Readings.Doubts.None : new Doubts(Instant(fromMs), last, Signed(), Signed());

    private byte[] Fixed(int length)
    {
        if (length > _bytes.Length - _at)
        {
            throw new FormatException($"A state is cut off: {length} bytes wanted, {_bytes.Length - _at} left.");
        }

        _at += length;
        return _bytes.Slice(_at - length, length).ToArray();
    }
}
