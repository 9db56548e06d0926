using System.Buffers;
using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.LowBalance;
using AccountGrid.Domain.Metering;

namespace AccountGrid.Domain.Partitions;

/// <summary>Writes states as variable-length integers.</summary>
internal sealed class StateWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    public void Clear() => _buffer.ResetWrittenCount();

    public void Unsigned(ulong value) => _buffer.Advance(VarInt.Write(_buffer.GetSpan(VarInt.MaxBytes), value));

    public void Signed(long value) => Unsigned(VarInt.ZigZag(value));

    /// <summary>A sum; one that fits 64 bits takes the same bytes as <see cref="Signed"/>.</summary>
    public void Wide(WideMoney sum)
    {
        var value = unchecked((UInt128)((sum.Nano << 1) ^ (sum.Nano >> 127)));
        while (value >= 0x80)
        {
            Raw([(byte)((uint)(value & 0x7f) | 0x80)]);
            value >>= 7;
        }

        Raw([(byte)value]);
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Unsigned((ulong)bytes.Length);
        Raw(bytes);
    }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.GetSpan(bytes.Length));
        _buffer.Advance(bytes.Length);
    }

    public void Point(in Point point)
    {
        Signed(point.TimeMs);
        Signed(point.ValueWh);
        Unsigned((ulong)point.Quality);
        Unsigned(point.Revision);
        Bytes(point.Shape);
    }

    /// <summary>A local day counted from another; <see cref="int.MinValue"/> is a byte.</summary>
    public void Day(int day, int from) => Unsigned(day == int.MinValue ? 0 : 1 + VarInt.ZigZag((long)day - from));

    /// <summary>An instant counted from another, in minutes where it is whole ones; <see cref="long.MinValue"/> and <see cref="long.MaxValue"/> are a byte.</summary>
    public void Instant(long ms, long fromMs)
    {
        if (ms is long.MinValue or long.MaxValue)
        {
            Unsigned(ms < 0 ? Coding.LeastInstant : Coding.MostInstant);
            return;
        }

        var (minutes, rest) = Math.DivRem(checked(ms - fromMs), Coding.MsPerMinute);
        Unsigned(checked(Coding.FirstInstant + (rest == 0 ? VarInt.ZigZag(minutes) << 1 : (VarInt.ZigZag(ms - fromMs) << 1) | 1)));
    }

    /// <summary>An amount, in hundredths where it is whole ones.</summary>
    public void Money(Money amount)
    {
        var (hundredths, rest) = Math.DivRem(amount.Nano, Coding.NanoPerHundredth);
        if (rest == 0)
        {
            Unsigned(VarInt.ZigZag(hundredths) << 1);
            return;
        }

        Unsigned(1);
        Signed(amount.Nano);
    }

    /// <summary>Payments and adjustments, each counted from the one before it: a payment takes some eight bytes.</summary>
    public void Movements(List<MoneyMovement> movements, long fromPosition, int fromDay)
    {
        Unsigned((ulong)movements.Count);
        foreach (var m in movements)
        {
            Signed(m.Position - fromPosition);
            Signed(((m.Day - fromDay) * 4L) + (m.IsAdjustment ? 2 : 0) + (m.TakenBack == default ? 0 : 1));
            Money(m.Amount);
            if (m.TakenBack != default)
            {
                Money(m.TakenBack);
            }

            (fromPosition, fromDay) = (m.Position, m.Day);
        }
    }

    /// <summary>Bytes to the end, where a run of zeros is a zero and its length: what workflows have not begun is zeros.</summary>
    public void Zeros(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            Raw(bytes.Slice(i, 1));
            if (bytes[i] == 0)
            {
                var run = bytes[i..].IndexOfAnyExcept((byte)0) is var end and >= 0 ? end : bytes.Length - i;
                Unsigned((ulong)run);
                i += run - 1;
            }
        }
    }

    public void Sums(in Sums sums)
    {
        Signed(sums.Energy.Wh);
        Wide(sums.Base);
        Signed(sums.StandingDays);
    }

    /// <summary>Levels of an account without a customer: amounts alone.</summary>
    public void Levels(in LevelState levels)
    {
        Unsigned((ulong)levels.Levels.Count);
        foreach (var level in levels.Levels)
        {
            Signed(level.FireNano);
        }

        Unsigned(levels.Fired);
        Signed(levels.Episode);
    }

    public void Chunks(in OpenPoints open)
    {
        Unsigned((ulong)open.Chunks.Count);
        foreach (var chunk in open.Chunks)
        {
            Unsigned((ulong)chunk.Points.Count);
            Bytes(chunk.Points.Bytes);
        }
    }

    /// <summary>Use by hour of days, rising, each counted from the one before.</summary>
    public void Weights(IReadOnlyList<DayWeights>? days, int fromDay)
    {
        Unsigned((ulong)(days?.Count ?? 0));
        foreach (var day in days ?? [])
        {
            Day(day.Day, fromDay);
            fromDay = day.Day;
            Raw(day.Weights);
        }
    }

    public void Doubts(in Doubts doubts, long fromMs)
    {
        Instant(doubts.LastMs, fromMs);
        if (doubts.LastMs != long.MinValue)
        {
            Instant(doubts.FirstMs, fromMs);
            Signed(doubts.FallWh);
            Signed(doubts.JumpWh);
        }
    }
}

/// <summary>What writer and reader agree on. First numbers of an instant that is counted from another: the two that mean an end of time, then all others.</summary>
internal static class Coding
{
    public const ulong LeastInstant = 0;
    public const ulong MostInstant = 1;
    public const ulong FirstInstant = 2;
    public const long MsPerMinute = 60_000;
    public const long NanoPerHundredth = 10_000_000;
}

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
            fromDay += (int)(word >> 2);
            into.Add(new MoneyMovement(fromPosition, fromDay, Money(), (word & 1) != 0 ? Money() : default, (word & 2) != 0));
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

            var run = Unsigned() is var n && n is > 0 and <= ushort.MaxValue ? (int)n : throw new FormatException($"A state has a run of {n} zeros; 1 to {ushort.MaxValue} are possible.");
            bytes.GetSpan(run)[..run].Clear();
            bytes.Advance(run);
        }

        return bytes.WrittenSpan.ToArray();
    }

    public Sums Sums() => new(new Energy(Signed()), Wide(), Int());

    public LevelState Levels()
    {
        var levels = new Level[Unsigned()];
        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = Level.OfAmount(Signed());
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
        Instant(fromMs) is var last && last == long.MinValue ? Metering.Doubts.None : new Doubts(Instant(fromMs), last, Signed(), Signed());

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
