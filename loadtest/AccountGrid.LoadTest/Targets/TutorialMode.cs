namespace AccountGrid.LoadTest.Targets;

internal sealed record TutorialMode(bool Writes);
