namespace AccountGrid.Streams.Tests;

public sealed record StartAt(long? Position);
