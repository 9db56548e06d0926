namespace AccountGrid.LoadTest.Measures;

/// <summary>CPU by part, seconds, over the measured time.</summary>
public sealed record CpuUse(double Silo, double Database, double Tester);
