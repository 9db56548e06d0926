using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.Commands;

/// <param name="Points">Values that had already come for the time after the move.</param>
/// <param name="RateRegistersWh">Its rate registers at the move, 1.8.1 first; null of a meter that is charged by 1.8.0.</param>
/// <param name="ExportWh">Its 2.8.0 at the move; null of a meter that does not measure export.</param>
/// <param name="ReactiveVarh">Its 3.8.0 at the move; null of a meter that does not measure reactive energy.</param>
public sealed record ReceiveMeter(int Meter, int Assignment, int Account, MeterRating Rating, long FromMs, long RegisterWh, int FromPartition,
    IReadOnlyList<MovedPoint> Points, IReadOnlyList<long>? RateRegistersWh = null, long? ExportWh = null, long? ReactiveVarh = null)
    : GridCommand;
