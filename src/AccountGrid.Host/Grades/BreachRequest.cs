namespace AccountGrid.Host.Grades;

/// <param name="Kind">As of <see cref="BreachAnswer.Kind"/>.</param>
/// <param name="Day">The day on which it was established; not in the future.</param>
/// <param name="Reference">Where it is written: a record, a decision.</param>
public sealed record BreachRequest(string Kind, DateOnly Day, string Reference);
