namespace AccountGrid.Host.Scorecard;

/// <summary>A measure of a channel on a day.</summary>
/// <param name="Measure">
/// <c>availability</c>, <c>successRate</c>, <c>p50</c>, <c>p95</c>, <c>p99</c>, <c>unknownOutcomes</c>, <c>reversals</c>, <c>unmatched</c>,
/// <c>settlementDelay</c>, <c>complaints</c> or <c>satisfaction</c>.
/// </param>
/// <param name="Unit"><c>share</c>, <c>seconds</c>, <c>per10000</c> or <c>workingDays</c>.</param>
/// <param name="Value">Null where nothing is known, or it would speak of fewer than five observations.</param>
/// <param name="Low">Lower bound of the 95 % interval; null where the number is counted in full.</param>
/// <param name="Observations">Payments, answers, minutes or days that it is of.</param>
/// <param name="Target">Of the configuration in force on the day; null is none.</param>
/// <param name="IsBreach">It is worse than the target.</param>
public sealed record ScoreRow(
    DateOnly Day, string Measure, string Unit, double? Value, double? Low, double? High, long Observations, decimal? Target, bool IsBreach);
