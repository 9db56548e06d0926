namespace AccountGrid.LoadTest.Faults;

/// <summary>What a case itself saw that must not be.</summary>
internal sealed class FaultFoundException(string message) : Exception(message);
