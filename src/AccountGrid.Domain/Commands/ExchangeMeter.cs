using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.Commands;

/// <summary>One device replaces another on the same account: the old one's last register and the new one's first, at one instant.</summary>
public sealed record ExchangeMeter(int Meter, int NewMeter, long AtMs, long FinalWh, long StartWh, MeterRating NewRating) : GridCommand;
