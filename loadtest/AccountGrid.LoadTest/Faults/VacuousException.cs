namespace AccountGrid.LoadTest.Faults;

/// <summary>A fault that nobody noticed proves nothing.</summary>
internal sealed class VacuousException(string message) : Exception(message);
