namespace AccountGrid.Domain;

/// <summary>An invariant of the fold is broken: the unit stops and the message says everything needed to find out why.</summary>
public sealed class InvariantBrokenException(string message) : Exception(message);
