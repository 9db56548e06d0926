namespace AccountGrid.Host.Metering;

/// <summary>A meter as its gateway sees it: where it goes on from, and nothing of whose it is.</summary>
/// <param name="RegisterWh">Last register that was folded, Wh.</param>
/// <param name="At">Instant of that register.</param>
/// <param name="HeldWh">Energy held in exceptions, Wh.</param>
public sealed record GatewayMeterAnswer(string Id, long RegisterWh, DateTimeOffset At, long HeldWh, int IntervalSeconds);
