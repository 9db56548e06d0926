namespace AccountGrid.Host.Grades;

/// <param name="Grade"><c>A</c> to <c>D</c>.</param>
/// <param name="Pending">The result of the last monthly evaluation where it was worse than the grade: a second one lowers it. Null is none.</param>
/// <param name="Month">The last month that was evaluated, <c>yyyy-MM</c>; null for a new customer.</param>
/// <param name="Breaches">What was established about the customer, the latest first.</param>
/// <param name="Evaluations">The latest first, with every fact and its points.</param>
public sealed record CustomerGradeAnswer(
    string Customer, string Grade, string? Pending, string? Month, IReadOnlyList<BreachAnswer> Breaches, IReadOnlyList<GradeEvaluationAnswer> Evaluations);
