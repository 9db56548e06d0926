namespace AccountGrid.Host.Customers;

/// <param name="Path">Itself and the areas above, from itself up.</param>
/// <param name="Collector">Its own collector today; null is none.</param>
/// <param name="Responsible">Its collector, else that of the next area above that has one; null is nobody.</param>
/// <param name="Assignments">Assignments of its collectors, the latest first, those to come included.</param>
public sealed record AreaAnswer(string Id, string Name, string Zone, string? Parent, IReadOnlyList<string> Path, string? Collector, string? Responsible,
    IReadOnlyList<AssignmentAnswer> Assignments);
