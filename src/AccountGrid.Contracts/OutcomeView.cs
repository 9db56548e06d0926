namespace AccountGrid.Contracts;

/// <summary>
/// What the fold made of a command. A refusal has a stable code. <see cref="AmountNano"/> is what its own ledger entry moved, credit positive.
/// </summary>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.OutcomeView.v1")]
public sealed record OutcomeView(
    [property: Id(0)] int Partition,
    [property: Id(1)] long Position,
    [property: Id(2)] string? Code,
    [property: Id(3)] string? Detail,
    [property: Id(4)] long BalanceNano,
    [property: Id(5)] bool Replayed,
    [property: Id(6)] long AmountNano = 0,
    [property: Id(7)] long DebtNano = 0,
    [property: Id(8)] long FeesNano = 0)
{
    public bool Accepted => Code is null;
}
