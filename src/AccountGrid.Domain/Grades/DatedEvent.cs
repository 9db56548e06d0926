using AccountGrid.Domain.Events;

namespace AccountGrid.Domain.Grades;

/// <summary>An event of an account with its position and the local day of its record, a day number.</summary>
public readonly record struct DatedEvent(long Position, int Day, AccountEvent Event);
