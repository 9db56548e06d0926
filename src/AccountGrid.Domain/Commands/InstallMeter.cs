using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.Commands;

/// <param name="Account">0 is no account yet.</param>
/// <param name="FromMs">Since when it counts.</param>
/// <param name="RegisterWh">Its register then.</param>
public sealed record InstallMeter(int Meter, int Account, MeterRating Rating, long FromMs, long RegisterWh) : GridCommand;
