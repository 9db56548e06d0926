namespace AccountGrid.LoadTest.Measures;

/// <summary>A rate that a search tried.</summary>
/// <param name="AcceptedShare">Of what fell due, in its time.</param>
public sealed record SearchStep(double Rate, double P99Ms, double AcceptedShare, bool Holds);
