namespace AccountGrid.Domain.Events;

public sealed record MeterReleased(int Meter, long AtMs, long RegisterWh, int ToAccount) : AccountEvent;
