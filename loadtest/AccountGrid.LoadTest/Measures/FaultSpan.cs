namespace AccountGrid.LoadTest.Measures;

/// <summary>A fault that was done: seconds of the run at which it began and was over.</summary>
public sealed record FaultSpan(string What, double FromSecond, double ToSecond);
