namespace AccountGrid.Client.Sending;

internal sealed record RelayReportLine(string Meter, int Sequence, string State, DateTimeOffset At);
