namespace AccountGrid.Domain.Readings;

/// <summary>Unsigned LEB128 and zigzag, the integer coding of the log and of packed states.</summary>
public static class VarInt
{
    public const int MaxBytes = 10;

    /// <summary>Bytes that a value takes, 1 to <see cref="MaxBytes"/>.</summary>
    public static int Size(ulong value) => value == 0 ? 1 : (70 - System.Numerics.BitOperations.LeadingZeroCount(value)) / 7;

    public static int Write(Span<byte> to, ulong value)
    {
        var i = 0;
        while (value >= 0x80)
        {
            to[i++] = unchecked((byte)(value | 0x80));
            value >>= 7;
        }

        to[i++] = unchecked((byte)value);
        return i;
    }

    /// <summary>Reads at <paramref name="at"/> and moves it on. Throws <see cref="FormatException"/> on truncated or overlong input.</summary>
    public static ulong Read(ReadOnlySpan<byte> from, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if ((uint)at >= (uint)from.Length)
            {
                break;
            }

            var b = from[at++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw new FormatException($"A variable-length integer is cut off or too long at byte {at} of {from.Length}.");
    }

    public static ulong ZigZag(long value) => unchecked((ulong)((value << 1) ^ (value >> 63)));

    public static long UnZigZag(ulong value) => unchecked((long)(value >> 1) ^ -(long)(value & 1));
}
