namespace AccountGrid.Host.Supply;

/// <param name="State"><c>on</c> or <c>off</c>, as the meter confirms it.</param>
/// <param name="At">When it was so, by the gateway's clock.</param>
public sealed record RelayReport(string Meter, int Sequence, string State, DateTimeOffset At);
