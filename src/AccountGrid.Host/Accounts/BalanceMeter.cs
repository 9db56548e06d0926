using AccountGrid.Host.Metering;

namespace AccountGrid.Host.Accounts;

/// <param name="RegisterWh">Last value of 1.8.0, Wh.</param>
/// <param name="HeldWh">Energy held in exceptions, Wh.</param>
public sealed record BalanceMeter(string Meter, long RegisterWh, DateTimeOffset At, long ChargedWh, long HeldWh,
    IReadOnlyList<RegisterAnswer>? RateRegisters = null, ExportRegisterAnswer? Export = null);
