using System.Buffers.Binary;
using System.IO.Compression;

namespace AccountGrid.Host.Ingest;

/// <summary>
/// Whether bytes are whole gzip members, one after the other (RFC 1952, 2.2). .NET's stream unpacks several members and checks each sum, but ends without
/// an error where its input is cut off, and passes over what follows the last member. Here each member is followed to its end.
/// </summary>
internal static class GzipMembers
{
    private const int HeaderBytes = 10;

    /// <summary>Sum and length at a member's end, bytes.</summary>
    private const int TrailerBytes = 8;

    private const byte Deflate = 8;

    [Flags]
    private enum Has : byte
    {
        HeaderSum = 2,
        Extra = 4,
        Name = 8,
        Comment = 16,
        Reserved = 0xe0,
    }

    /// <summary>Unpacks again, a byte at a time, so that the end of each member is known: for bodies only that one member does not explain.</summary>
    public static bool AreWhole(byte[] packed, int length)
    {
        var at = 0;
        while (at < length)
        {
            var body = EndOfHeader(packed.AsSpan(0, length), at);
            if (body < 0 || Unpacked(packed, ref body, length) is not { } unpacked || length - body < TrailerBytes
                || BinaryPrimitives.ReadUInt32LittleEndian(packed.AsSpan(body + 4)) != unpacked)
            {
                return false;
            }

            at = body + TrailerBytes;
        }

        return length > 0;
    }

    /// <summary>Place of a member's first packed byte; -1 if its header is none or not whole.</summary>
    private static int EndOfHeader(ReadOnlySpan<byte> packed, int at)
    {
        if (packed.Length - at < HeaderBytes || packed[at] != 0x1f || packed[at + 1] != 0x8b || packed[at + 2] != Deflate)
        {
            return -1;
        }

        var has = (Has)packed[at + 3];
        at += HeaderBytes;
        if (has.HasFlag(Has.Extra))
        {
            at = packed.Length - at < 2 ? packed.Length + 1 : at + 2 + BinaryPrimitives.ReadUInt16LittleEndian(packed[at..]);
        }

        foreach (var text in (ReadOnlySpan<Has>)[Has.Name, Has.Comment])
        {
            if (has.HasFlag(text) && at <= packed.Length)
            {
                var end = packed[at..].IndexOf((byte)0);
                at = end < 0 ? packed.Length + 1 : at + end + 1;
            }
        }

        at += has.HasFlag(Has.HeaderSum) ? 2 : 0;
        return at > packed.Length || (has & Has.Reserved) != 0 ? -1 : at;
    }

    /// <summary>Length of a member unpacked, and in <paramref name="at"/> the place behind its last packed byte; null if it is damaged.</summary>
    private static uint? Unpacked(byte[] packed, ref int at, int length)
    {
        using var source = new ByteByByte(packed, at, length);
        using var inflate = new DeflateStream(source, CompressionMode.Decompress);
        Span<byte> buffer = stackalloc byte[4096];
        var unpacked = 0u;
        try
        {
            for (var read = inflate.Read(buffer); read > 0; read = inflate.Read(buffer))
            {
                unpacked += (uint)read;
            }
        }
        catch (InvalidDataException)
        {
            return null;
        }

        at = source.At;
        return unpacked;
    }

    /// <summary>Gives one byte at a time: whoever reads has then taken exactly what it needed.</summary>
    private sealed class ByteByByte(byte[] bytes, int at, int length) : Stream
    {
        public int At { get; private set; } = at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (At >= length || count == 0)
            {
                return 0;
            }

            buffer[offset] = bytes[At++];
            return 1;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
