namespace AccountGrid.Domain.Partitions;

/// <param name="Open">False resolves it: what was unclear no longer is.</param>
/// <param name="HeldWh">Energy that is not charged because of it; may be negative.</param>
/// <param name="HasMoved">The meter came from another partition: an exception that the other raised for the same reading is replaced.</param>
public sealed record ExceptionEffect(long Position, int Account, bool Open, long ValueWh, long HeldWh, string? Detail, bool HasMoved);
