namespace AccountGrid.Contracts;

/// <summary>An account in a list.</summary>
/// <param name="Customer">The registered customer that it belongs to; null is none.</param>
/// <param name="Area">Area of its collector; null is none.</param>
/// <param name="Manager">Account manager; null is none.</param>
/// <param name="RegisteredAt">When it was opened at the grid, which is not its first day.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.ListedAccount.v1")]
public sealed record ListedAccount(
    [property: Id(0)] string Id,
    [property: Id(1)] string? Customer,
    [property: Id(2)] string? Area,
    [property: Id(3)] string? Manager,
    [property: Id(4)] DateTimeOffset RegisteredAt);
