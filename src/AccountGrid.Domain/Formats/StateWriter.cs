using System.Buffers;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Formats;

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

    /// <summary>
    /// An instant counted from another, in minutes where it is whole ones; <see cref="long.MinValue"/> and <see cref="long.MaxValue"/> are a byte.
    /// </summary>
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
            Signed(((m.Day - fromDay) * 8L) + (m.From is null ? 0 : 4) + (m.IsAdjustment ? 2 : 0) + (m.TakenBack == default ? 0 : 1));
            Money(m.Amount);
            if (m.TakenBack != default)
            {
                Money(m.TakenBack);
            }

            if (m.From is { } from)
            {
                Unsigned((ulong)from.Kind);
                Signed(from.Account);
                Signed(from.Partition);
                Signed(from.Commission.Nano);
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

    /// <summary>Numbers behind their count; none and null are the same.</summary>
    public void Longs(IReadOnlyList<long>? values)
    {
        Unsigned((ulong)(values?.Count ?? 0));
        foreach (var value in values ?? [])
        {
            Signed(value);
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
            Signed(level.Fire.Nano);
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
