using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.Commands;

/// <param name="Account">0 is no account yet.</param>
/// <param name="FromMs">Since when it counts.</param>
/// <param name="RegisterWh">Its register 1.8.0 then.</param>
/// <param name="RateRegistersWh">Its rate registers then, 1.8.1 first, of a meter that is charged by them; null of one that is charged by 1.8.0.</param>
/// <param name="ExportWh">Its 2.8.0 then, of a meter that measures export; null of one that does not.</param>
/// <param name="ReactiveVarh">Its 3.8.0 then, varh, of a meter that measures reactive energy; null of one that does not.</param>
public sealed record InstallMeter(int Meter, int Account, MeterRating Rating, long FromMs, long RegisterWh, IReadOnlyList<long>? RateRegistersWh = null,
    long? ExportWh = null, long? ReactiveVarh = null)
    : GridCommand;
