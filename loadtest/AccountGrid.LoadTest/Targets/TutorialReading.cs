namespace AccountGrid.LoadTest.Targets;

internal sealed record TutorialReading(string Meter, long Ts, long Value);
