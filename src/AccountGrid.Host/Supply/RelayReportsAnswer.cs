namespace AccountGrid.Host.Supply;

public sealed record RelayReportsAnswer(IReadOnlyList<RelayReportAnswer> Results);
