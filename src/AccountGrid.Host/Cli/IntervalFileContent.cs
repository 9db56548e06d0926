namespace AccountGrid.Host.Cli;

/// <summary>What an interval file holds, and its rows that could not be read, each named by its line.</summary>
public sealed record IntervalFileContent(List<IntervalSeries> Series, List<string> Refused);
