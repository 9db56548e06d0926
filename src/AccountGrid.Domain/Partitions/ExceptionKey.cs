using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.Partitions;

/// <param name="TimeMs">Time of the reading that the exception is about.</param>
public readonly record struct ExceptionKey(int Meter, long TimeMs, VeeOutcome Outcome, RegisterKind Register = RegisterKind.Import);
