namespace AccountGrid.Host.Grades;

/// <summary>An evaluation: of a month, or the one by which a knock-out lowered the grade at once.</summary>
/// <param name="Day">The day by whose begin it was evaluated.</param>
/// <param name="Month"><c>yyyy-MM</c>; null: it was for a knock-out.</param>
/// <param name="Points">0 to 100.</param>
/// <param name="Result">What points and knock-outs alone give.</param>
/// <param name="KnockOuts">What gives D by itself.</param>
public sealed record GradeEvaluationAnswer(
    DateOnly Day,
    string? Month,
    decimal Points,
    string Result,
    string Before,
    string After,
    string? Pending,
    IReadOnlyList<GradeFactorAnswer> Factors,
    IReadOnlyList<string> KnockOuts,
    DateTimeOffset EvaluatedAt);
