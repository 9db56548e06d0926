namespace AccountGrid.Host.Metering;

/// <param name="ByRate">Energy by rate of the tariff, Wh.</param>
/// <param name="EnergyCharge">Money for energy by rate, without tiers, standing charge and tax.</param>
/// <param name="Readings">Register values of the day: time, Wh, quality.</param>
/// <param name="LogPositions">First and last position of the readings in the partition's log.</param>
public sealed record ExplainDay(
    string Meter, string Day, string Tariff, int TariffVersion, bool Closed, IReadOnlyDictionary<string, long> ByRate, string EnergyCharge, long HeldWh,
    IReadOnlyList<ReadingAnswer> Readings, IReadOnlyList<long> LogPositions);
