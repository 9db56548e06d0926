namespace AccountGrid.Contracts;

/// <summary>
/// A register value. <see cref="Quality"/> holds the flags of the domain's reading quality, <see cref="Decision"/> what a person decided about it (0 is
/// nothing).
/// </summary>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.PointView.v1")]
public readonly record struct PointView([property: Id(0)] long TimeMs, [property: Id(1)] long ValueWh, [property: Id(2)] int Quality,
    [property: Id(3)] byte Revision, [property: Id(4)] byte Decision = 0);
