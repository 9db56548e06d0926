using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.Formats;

/// <summary>
/// The bytes of the log. One append is a header (form and version, then the time it was taken in, UTC ms) and its records: a reading is a few
/// variable-length integers with its time as a difference to the header's; a command is its JSON behind a length.
/// </summary>
public static class LogRecords
{
    private const byte ReadingTag = 1;
    private const byte PlainReadingTag = 2;
    private const byte CommandTag = 3;
    internal const int HeaderBytes = 9;

    /// <summary>What a reading takes at most.</summary>
    public const int MaxReadingBytes = 1 + 5 + 1 + (VarInt.MaxBytes * 2) + 4;

    /// <summary>Throws <see cref="FormatNotInForceException"/> for a command of a format version that is not in force.</summary>
    public static byte[] Encode(long receivedMs, GridCommand command)
    {
        var json = command.ToBytes();
        var bytes = new byte[HeaderBytes + 1 + VarInt.MaxBytes + json.Length];
        var n = WriteHeader(bytes, receivedMs);
        bytes[n++] = CommandTag;
        n += VarInt.Write(bytes.AsSpan(n), (ulong)json.Length);
        json.CopyTo(bytes, n);
        return bytes[..(n + json.Length)];
    }

    public static byte[] Encode(long receivedMs, params ReadOnlySpan<Reading> readings)
    {
        var bytes = new byte[HeaderBytes + (readings.Length * MaxReadingBytes)];
        var n = WriteHeader(bytes, receivedMs);
        foreach (var reading in readings)
        {
            n += WriteReading(bytes.AsSpan(n), receivedMs, reading);
        }

        return bytes[..n];
    }

    /// <summary>Reads the records of one append in order.</summary>
    public ref struct Reader
    {
        private readonly ReadOnlySpan<byte> _bytes;
        private int _at;

        /// <summary>Throws <see cref="FormatException"/> for a version that this build does not read, and for bytes that are cut off.</summary>
        public Reader(ReadOnlySpan<byte> bytes)
        {
            _bytes = bytes;
            StoredFormat.LogAppend.VersionOf(bytes);
            if (bytes.Length < HeaderBytes)
            {
                throw new FormatException($"A log append is cut off: it has {bytes.Length} bytes, and its header takes {HeaderBytes}.");
            }

            ReceivedMs = BitConverter.ToInt64(bytes[1..]);
            _at = HeaderBytes;
        }

        /// <summary>When the append was taken in, UTC ms: what the fold takes for now.</summary>
        public long ReceivedMs { get; }

        /// <summary>Null where the record is a reading.</summary>
        public GridCommand? Command { get; private set; }

        public Reading Reading { get; private set; }

        /// <summary>Byte at which the next record begins; a reader can start again there.</summary>
        public int Offset
        {
            readonly get => _at;
            set => _at = value;
        }

        /// <summary>Moves to the next record; false at the end. Throws <see cref="FormatException"/> or a JSON error on damaged bytes.</summary>
        public bool Next()
        {
            if (_at >= _bytes.Length)
            {
                return false;
            }

            var tag = _bytes[_at++];
            Command = null;
            switch (tag)
            {
                case ReadingTag:
                case PlainReadingTag:
                    Reading = ReadReading(tag == ReadingTag);
                    return true;
                case CommandTag:
                    var length = checked((int)VarInt.Read(_bytes, ref _at));
                    if (length < 0 || length > _bytes.Length - _at)
                    {
                        throw new FormatException($"A command of {length} bytes does not fit the {_bytes.Length - _at} that are left.");
                    }

                    var json = _bytes.Slice(_at, length);
                    _at += length;
                    Command = GridCommand.FromBytes(json);
                    return true;
                default:
                    throw new FormatException($"Record tag {tag} at byte {_at - 1} is not known.");
            }
        }

        private Reading ReadReading(bool full)
        {
            var meter = (int)VarInt.Read(_bytes, ref _at);
            var time = ReceivedMs + VarInt.UnZigZag(VarInt.Read(_bytes, ref _at));
            var value = VarInt.UnZigZag(VarInt.Read(_bytes, ref _at));
            if (!full)
            {
                return new Reading(meter, RegisterKind.Import, time, value, ReadingQuality.None, 0);
            }

            var register = (RegisterKind)(byte)VarInt.Read(_bytes, ref _at);
            var quality = (ReadingQuality)VarInt.Read(_bytes, ref _at);
            var revision = (byte)VarInt.Read(_bytes, ref _at);
            return new Reading(meter, register, time, value, quality, revision);
        }
    }

    /// <summary>Whether an append is of a version that this build reads.</summary>
    public static bool IsKnown(ReadOnlySpan<byte> append) => StoredFormat.LogAppend.Reads(append);

    internal static int WriteHeader(Span<byte> to, long receivedMs)
    {
        to[0] = StoredFormat.LogAppend.Header;
        BitConverter.TryWriteBytes(to[1..], receivedMs);
        return HeaderBytes;
    }

    internal static int WriteReading(Span<byte> to, long receivedMs, in Reading reading)
    {
        var full = reading.Register != RegisterKind.Import || reading.Quality != 0 || reading.Revision != 0;
        to[0] = full ? ReadingTag : PlainReadingTag;
        var n = 1;
        n += VarInt.Write(to[n..], (ulong)reading.Meter);
        n += VarInt.Write(to[n..], VarInt.ZigZag(reading.TimeMs - receivedMs));
        n += VarInt.Write(to[n..], VarInt.ZigZag(reading.ValueWh));
        if (full)
        {
            to[n++] = (byte)reading.Register;
            n += VarInt.Write(to[n..], (ulong)reading.Quality);
            n += VarInt.Write(to[n..], reading.Revision);
        }

        return n;
    }
}
