namespace AccountGrid.Contracts;

/// <summary>A levy or tax of a period by name; money in nano.</summary>
/// <param name="Kind"><c>levy</c>, <c>tax</c>, or <c>includedTax</c>, which is in the prices.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.NamedView.v1")]
public sealed record NamedView([property: Id(0)] string Kind, [property: Id(1)] string Name, [property: Id(2)] Int128 Nano);
