namespace AccountGrid.Host.Lists;

/// <summary>An account in a list.</summary>
/// <param name="Customer">The registered customer that it belongs to; null is none.</param>
/// <param name="Area">Area of its collector; null is none.</param>
/// <param name="Manager">Account manager; null is none.</param>
/// <param name="RegisteredAt">When it was opened at the grid, which is not its first day.</param>
public sealed record AccountListItem(string Id, string? Customer, string? Area, string? Manager, DateTimeOffset RegisteredAt);
