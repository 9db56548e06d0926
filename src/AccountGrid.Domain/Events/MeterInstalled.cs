namespace AccountGrid.Domain.Events;

public sealed record MeterInstalled(int Meter, long FromMs, long RegisterWh) : AccountEvent;
