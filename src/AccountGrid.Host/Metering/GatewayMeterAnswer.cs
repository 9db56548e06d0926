namespace AccountGrid.Host.Metering;

/// <summary>A meter as its gateway sees it: where it goes on from, and nothing of whose it is.</summary>
/// <param name="RegisterWh">Last value of 1.8.0 that was folded, Wh.</param>
/// <param name="At">Instant of that register.</param>
/// <param name="HeldWh">Energy held in exceptions, Wh.</param>
/// <param name="RateRegisters">The rate registers that the meter is charged by; absent where it is charged by 1.8.0.</param>
/// <param name="Export">2.8.0, of a meter that measures export.</param>
public sealed record GatewayMeterAnswer(string Id, long RegisterWh, DateTimeOffset At, long HeldWh, int IntervalSeconds,
    IReadOnlyList<RegisterAnswer>? RateRegisters = null, RegisterAnswer? Export = null);
