namespace AccountGrid.Host.Grades;

/// <param name="Kind"><c>theft</c>, <c>violation</c>, <c>unsignedChangeOfUse</c>, <c>accident</c> or <c>unremediedHazard</c>.</param>
/// <param name="Reference">Where it is written.</param>
/// <param name="EndDay">When a hazard was remedied.</param>
public sealed record BreachAnswer(
    long Id, string Kind, DateOnly Day, string Reference, string MadeBy, DateTimeOffset MadeAt, DateOnly? EndDay, string? EndReference, string? EndedBy);
