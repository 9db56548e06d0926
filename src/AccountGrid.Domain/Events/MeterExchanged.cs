namespace AccountGrid.Domain.Events;

public sealed record MeterExchanged(int Meter, int NewMeter, long AtMs, long FinalWh, long StartWh) : AccountEvent;
