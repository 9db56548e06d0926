using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.Events;

/// <param name="FinalRatesWh">The old device's rate registers, 1.8.1 first; null where 1.8.0 was charged. <paramref name="StartRatesWh"/> likewise.</param>
/// <param name="FinalExportWh">The old device's 2.8.0; null where it did not measure export. <paramref name="StartExportWh"/> likewise.</param>
/// <param name="FinalReactiveVarh">The old device's 3.8.0; null where it did not measure it. <paramref name="StartReactiveVarh"/> likewise.</param>
/// <param name="Facts">What the new device can measure: as it begins, and what is another later; null where none of it is known and there are no
/// transformers.</param>
public sealed record MeterExchanged(int Meter, int NewMeter, long AtMs, long FinalWh, long StartWh, IReadOnlyList<long>? FinalRatesWh = null,
    IReadOnlyList<long>? StartRatesWh = null, long? FinalExportWh = null, long? StartExportWh = null,
    long? FinalReactiveVarh = null, long? StartReactiveVarh = null, IReadOnlyList<MeterFact>? Facts = null)
    : AccountEvent;
