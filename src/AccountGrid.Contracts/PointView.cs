namespace AccountGrid.Contracts;

/// <summary>A register value. <see cref="Quality"/> holds the flags of the domain's reading quality.</summary>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.PointView.v1")]
public readonly record struct PointView([property: Id(0)] long TimeMs, [property: Id(1)] long ValueWh, [property: Id(2)] int Quality,
    [property: Id(3)] byte Revision);
