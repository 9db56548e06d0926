namespace AccountGrid.Host.Scorecard;

/// <summary>The scorecard of a channel.</summary>
/// <param name="CountedTo">Last day that is counted; null is none. What comes late changes a day afterwards.</param>
public sealed record ScorecardAnswer(string Channel, DateOnly From, DateOnly To, DateOnly? CountedTo, IReadOnlyList<ScoreRow> Rows);
