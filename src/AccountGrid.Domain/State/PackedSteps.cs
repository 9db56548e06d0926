using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.State;

/// <summary>The steps that <see cref="PackedAccount.AppendPoint"/> packed, in order.</summary>
internal ref struct PackedSteps(ReadOnlySpan<byte> bytes, int count)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;
    private int _left = count;

    public (long StepMs, long DeltaWh) Current { get; private set; }

    public readonly PackedSteps GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_left-- == 0)
        {
            return false;
        }

        var head = VarInt.Read(_bytes, ref _at);
        Current = ((head & 1) == 0 ? (long)VarInt.Read(_bytes, ref _at) : Current.StepMs, VarInt.UnZigZag(head >> 1));
        return true;
    }
}
