namespace AccountGrid.Host.Metering;

/// <param name="Decision">What a person decided about it; null is nothing.</param>
public sealed record ReadingAnswer(DateTimeOffset At, long RegisterWh, string Quality, string? Decision = null);
