namespace AccountGrid.LoadTest.Faults;

/// <summary>What one case came to.</summary>
internal sealed record CaseResult(string Name, Verdict Verdict, TimeSpan Recovery, string? Vacuous);
