namespace AccountGrid.Host.Grades;

/// <param name="Day">The day on which it was remedied; not in the future, and not before the hazard's own.</param>
/// <param name="Reference">Where it is written.</param>
public sealed record HazardEndRequest(DateOnly Day, string Reference);
