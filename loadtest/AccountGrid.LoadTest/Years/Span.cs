namespace AccountGrid.LoadTest.Years;

/// <summary>A span in which something spoke against a cut.</summary>
internal sealed record Span(long FromMs, long UntilMs, string Why);
