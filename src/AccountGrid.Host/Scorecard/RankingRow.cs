namespace AccountGrid.Host.Scorecard;

/// <summary>A channel among others.</summary>
/// <param name="Rank">From 1, by the bound of the interval that is worse for the channel; null below 30 observations.</param>
/// <param name="Value">Null where nothing is known, or it would speak of fewer than five observations.</param>
public sealed record RankingRow(int? Rank, string Channel, double? Value, double? Low, double? High, long Observations);
