using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.Commands;

/// <param name="Points">Values that had already come for the time after the move.</param>
public sealed record ReceiveMeter(int Meter, int Assignment, int Account, MeterRating Rating, long FromMs, long RegisterWh, int FromPartition,
    IReadOnlyList<MovedPoint> Points)
    : GridCommand;
