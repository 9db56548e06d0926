namespace AccountGrid.LoadTest.Simulation;

/// <summary>A promise that did not hold in a simulation.</summary>
internal sealed class SimViolation(string message) : Exception(message);
