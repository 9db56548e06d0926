using AccountGrid.Contracts;
using AccountGrid.Domain;

namespace AccountGrid.Host.Metering;

/// <summary>2.8.0 of a meter that measures export, and the energy that it counted.</summary>
/// <param name="RegisterWh">Last value, cumulative, Wh.</param>
/// <param name="ExportedWh">Energy that was delivered to the grid in the meter's time on its account, Wh.</param>
/// <param name="HeldWh">What of the register is held in exceptions, Wh.</param>
public sealed record ExportRegisterAnswer(long RegisterWh, DateTimeOffset At, long ExportedWh, long HeldWh)
{
    /// <summary>Null for a meter that does not measure export.</summary>
    internal static ExportRegisterAnswer? Of(MeterView meter) => meter.Export is { } export
        ? new(export.ValueWh, Instants.ToInstant(export.TimeMs), meter.ExportedWh, meter.ExportHeldWh)
        : null;
}
