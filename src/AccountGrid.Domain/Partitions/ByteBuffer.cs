using System.Buffers;
using AccountGrid.Domain.Metering;

namespace AccountGrid.Domain.Partitions;

/// <summary>Writes states as variable-length integers.</summary>
internal sealed class StateWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    public void Clear() => _buffer.ResetWrittenCount();

    public void Unsigned(ulong value) => _buffer.Advance(VarInt.Write(_buffer.GetSpan(VarInt.MaxBytes), value));

    public void Signed(long value) => Unsigned(VarInt.ZigZag(value));

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
}

internal ref struct StateReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    public readonly bool AtEnd => _at >= _bytes.Length;

    /// <summary>Bytes that were read.</summary>
    public readonly int Offset => _at;

    /// <summary>Everything that was not read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest() => _bytes[_at..];

    public ulong Unsigned() => VarInt.Read(_bytes, ref _at);

    public long Signed() => VarInt.UnZigZag(Unsigned());

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
}
