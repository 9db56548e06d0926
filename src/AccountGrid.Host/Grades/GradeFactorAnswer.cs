namespace AccountGrid.Host.Grades;

/// <param name="Kind">What is looked at: docs/service-quality.md says how each fact is counted.</param>
/// <param name="Fact">Null: not known, which costs no points.</param>
public sealed record GradeFactorAnswer(string Kind, decimal? Fact, decimal Points, int PointsMax);
