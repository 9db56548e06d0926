using System.Buffers.Binary;

namespace AccountGrid.Streams.Postgres;

/// <summary>A row of the log holds several appends, each behind its record count and length (two little-endian 32-bit numbers).</summary>
internal static class LogFraming
{
    public const int HeaderBytes = 8;

    public static void Write(Span<byte> to, int count, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to, count);
        BinaryPrimitives.WriteInt32LittleEndian(to[4..], payload.Length);
        payload.CopyTo(to[HeaderBytes..]);
    }

    /// <summary>Takes a row apart. Throws <see cref="FormatException"/> if it does not hold exactly the records that it says.</summary>
    public static void Read(byte[] row, long firstPosition, int expectedCount, List<LogEntry> into)
    {
        var at = 0;
        var total = 0;
        while (at < row.Length)
        {
            if (row.Length - at < HeaderBytes)
            {
                throw new FormatException($"A log row is cut off at byte {at} of {row.Length}.");
            }

            var count = BinaryPrimitives.ReadInt32LittleEndian(row.AsSpan(at));
            var length = BinaryPrimitives.ReadInt32LittleEndian(row.AsSpan(at + 4));
            at += HeaderBytes;
            if (count < 1 || length < 0 || length > row.Length - at)
            {
                throw new FormatException($"A log row says {count} records in {length} bytes at byte {at} of {row.Length}.");
            }

            into.Add(new LogEntry(firstPosition + total, count, row.AsMemory(at, length)));
            total += count;
            at += length;
        }

        if (total != expectedCount)
        {
            throw new FormatException($"A log row holds {total} records where {expectedCount} were counted.");
        }
    }
}
