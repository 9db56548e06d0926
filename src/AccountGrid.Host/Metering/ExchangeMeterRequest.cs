namespace AccountGrid.Host.Metering;

public sealed record ExchangeMeterRequest(string NewMeter, DateTimeOffset At, long FinalWh, long StartWh, long CapacityW = 0, long RegisterWidthWh = 0,
    int IntervalSeconds = 0);
