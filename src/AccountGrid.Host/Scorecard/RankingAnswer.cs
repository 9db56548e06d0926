namespace AccountGrid.Host.Scorecard;

/// <summary>All channels side by side.</summary>
/// <param name="Period">The day, or the month.</param>
/// <param name="Rows">The best first; what has no rank last.</param>
public sealed record RankingAnswer(string Measure, string Unit, string Period, IReadOnlyList<RankingRow> Rows);
