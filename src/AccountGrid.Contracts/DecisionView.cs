namespace AccountGrid.Contracts;

/// <summary>What a decision about a reading would lead to. A refusal has a stable code, and the rest is 0.</summary>
/// <param name="Repeats">The same was decided before.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.DecisionView.v1")]
public sealed record DecisionView(
    [property: Id(0)] string? Code,
    [property: Id(1)] string? Detail,
    [property: Id(2)] long FromWh,
    [property: Id(3)] long ToWh,
    [property: Id(4)] long ChargedWh,
    [property: Id(5)] long HeldWh,
    [property: Id(6)] long ChargeNano,
    [property: Id(7)] bool Repeats);
