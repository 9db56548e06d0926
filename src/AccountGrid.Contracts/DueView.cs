namespace AccountGrid.Contracts;

/// <summary>Something that was asked for and is not paid.</summary>
/// <param name="Day">Last local day to pay it, as a day number.</param>
/// <param name="Nano">What is open of it, nano.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.DueView.v1")]
public sealed record DueView([property: Id(0)] int Day, [property: Id(1)] long Nano);
