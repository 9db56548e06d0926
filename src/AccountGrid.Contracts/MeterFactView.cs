namespace AccountGrid.Contracts;

/// <summary>What is another of a meter from an instant on; null says nothing of it.</summary>
/// <param name="RatioMicro">Ratio of its transformers, millionths.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.MeterFactView.v1")]
public sealed record MeterFactView(
    [property: Id(0)] long FromMs, [property: Id(1)] long? CapacityW, [property: Id(2)] long? RegisterWidthWh, [property: Id(3)] int? IntervalMs,
    [property: Id(4)] long? RatioMicro);
