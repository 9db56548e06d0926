namespace AccountGrid.Domain.Formats;

/// <summary>Reads a row's numbers.</summary>
internal ref struct RowReader : IRowNumbers
{
    private StateReader _reader;

    /// <param name="state">From the form's first byte on, which has been looked at.</param>
    public RowReader(ReadOnlySpan<byte> state) => _reader = new StateReader(state[1..]);

    public readonly ReadOnlySpan<byte> Rest() => _reader.Rest();

    public void Next(ref long number) => number = _reader.Signed();

    public void Next(ref int number) => number = _reader.Int();

    public void Next(ref ushort number) => number = (ushort)_reader.Int();
}
