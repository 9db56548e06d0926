using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.Formats;

/// <summary>Writes a row's numbers as variable-length integers.</summary>
/// <param name="bytes">Room for all of them.</param>
internal ref struct RowWriter(Span<byte> bytes) : IRowNumbers
{
    private readonly Span<byte> _bytes = bytes;
    private int _at;

    public readonly ReadOnlySpan<byte> Written => _bytes[.._at];

    public void Header(byte header) => _bytes[_at++] = header;

    public void Next(ref long number) => _at += VarInt.Write(_bytes[_at..], VarInt.ZigZag(number));

    public void Next(ref int number) => _at += VarInt.Write(_bytes[_at..], VarInt.ZigZag(number));

    public void Next(ref ushort number) => _at += VarInt.Write(_bytes[_at..], VarInt.ZigZag(number));
}
