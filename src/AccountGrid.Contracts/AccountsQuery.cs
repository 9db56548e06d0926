namespace AccountGrid.Contracts;

/// <summary>Which accounts are asked for; what is null is not asked for.</summary>
/// <param name="Customer">Those of a registered customer.</param>
/// <param name="Area">Those of an area and the areas below it.</param>
/// <param name="Manager">Those of an account manager.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.AccountsQuery.v1")]
public sealed record AccountsQuery([property: Id(0)] string? Customer = null, [property: Id(1)] string? Area = null, [property: Id(2)] string? Manager = null);
