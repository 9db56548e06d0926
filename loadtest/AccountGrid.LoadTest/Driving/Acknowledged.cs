namespace AccountGrid.LoadTest.Driving;

/// <summary>A round that was acknowledged, for whoever samples.</summary>
public readonly record struct Acknowledged(int Gateway, int Round, long At);
