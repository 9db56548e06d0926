namespace AccountGrid.LoadTest.Simulation;

/// <summary>What a seed came to.</summary>
/// <param name="Violation">Null where every promise held.</param>
internal sealed record SimResult(int Seed, SimFaults Faults, string? Violation, long Steps, int Fenced, int Unknown, int Forwarded, int SentTwice, int Resent);
