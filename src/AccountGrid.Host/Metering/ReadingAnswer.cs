namespace AccountGrid.Host.Metering;

public sealed record ReadingAnswer(DateTimeOffset At, long RegisterWh, string Quality);
