namespace AccountGrid.LoadTest.Years;

/// <summary>A meter's time on an account, by when it became known.</summary>
internal readonly record struct Tenure(int Meter, long FromMs, long UntilMs);
