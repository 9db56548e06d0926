namespace AccountGrid.Domain.Customers;

/// <summary>An area in the tree of areas.</summary>
/// <param name="Parent">Id of the area above; null is none.</param>
/// <param name="Collector">Its own collector; null is none.</param>
public sealed record AreaNode(string Id, string? Parent, string? Collector);
