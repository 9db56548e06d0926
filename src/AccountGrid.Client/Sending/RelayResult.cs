namespace AccountGrid.Client.Sending;

internal sealed record RelayResult(string Meter, int Sequence, string? Code, string? Detail);
