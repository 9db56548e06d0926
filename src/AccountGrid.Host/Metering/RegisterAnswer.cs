using AccountGrid.Contracts;
using AccountGrid.Domain;

namespace AccountGrid.Host.Metering;

/// <summary>The last value of a register beside 1.8.0.</summary>
/// <param name="Register">OBIS code, 1.8.1 to 1.8.4 or 2.8.0.</param>
/// <param name="RegisterWh">Cumulative, Wh.</param>
public sealed record RegisterAnswer(string Register, long RegisterWh, DateTimeOffset At)
{
    /// <summary>Null for a meter that is charged by 1.8.0.</summary>
    internal static IReadOnlyList<RegisterAnswer>? Of(MeterView meter) => meter.RateRegisters.Count == 0
        ? null
        : [.. meter.RateRegisters.Select((p, i) => new RegisterAnswer(RegisterCodes.Of(RegisterCodes.RateAt(i)), p.ValueWh, Instants.ToInstant(p.TimeMs)))];

    /// <summary>2.8.0; null for a meter that does not measure export.</summary>
    internal static RegisterAnswer? OfExport(MeterView meter) =>
        meter.Export is { } export ? new(RegisterCodes.Of(RegisterKind.Export), export.ValueWh, Instants.ToInstant(export.TimeMs)) : null;
}
