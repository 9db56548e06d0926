namespace AccountGrid.Client.Sending;

internal sealed record RelayReportList(IReadOnlyList<RelayReportLine> Reports);
