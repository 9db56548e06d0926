using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.Commands;

/// <summary>One device replaces another on the same account: the old one's last register and the new one's first, at one instant.</summary>
/// <param name="FinalRatesWh">The old one's rate registers, 1.8.1 first; null where it is charged by 1.8.0.</param>
/// <param name="StartRatesWh">The new one's rate registers; null where it is charged by 1.8.0.</param>
/// <param name="FinalExportWh">The old one's 2.8.0; null where it does not measure export.</param>
/// <param name="StartExportWh">The new one's 2.8.0; null where it does not measure export.</param>
/// <param name="FinalReactiveVarh">The old one's 3.8.0; null where it does not measure reactive energy.</param>
/// <param name="StartReactiveVarh">The new one's 3.8.0; null where it does not measure reactive energy.</param>
/// <param name="RatioMicro">The transformers' ratio from then on, millionths; null is that of the old one: transformers belong to the place.</param>
public sealed record ExchangeMeter(int Meter, int NewMeter, long AtMs, long FinalWh, long StartWh, MeterRating NewRating,
    IReadOnlyList<long>? FinalRatesWh = null, IReadOnlyList<long>? StartRatesWh = null, long? FinalExportWh = null,
    long? StartExportWh = null, long? FinalReactiveVarh = null, long? StartReactiveVarh = null, long? RatioMicro = null)
    : GridCommand;
