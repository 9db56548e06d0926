using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.Events;

/// <param name="RateRegistersWh">Its rate registers, 1.8.1 first; null of a meter that is charged by 1.8.0.</param>
/// <param name="ExportWh">Its 2.8.0; null of a meter that does not measure export.</param>
/// <param name="ReactiveVarh">Its 3.8.0; null of a meter that does not measure reactive energy.</param>
/// <param name="Facts">What it can measure: as it begins, and what is another later; null where none of it is known and there are no transformers.</param>
public sealed record MeterInstalled(int Meter, long FromMs, long RegisterWh, IReadOnlyList<long>? RateRegistersWh = null,
    long? ExportWh = null, long? ReactiveVarh = null, IReadOnlyList<MeterFact>? Facts = null)
    : AccountEvent;
