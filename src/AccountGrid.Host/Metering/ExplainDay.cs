namespace AccountGrid.Host.Metering;

/// <param name="ByRate">Energy by rate of the tariff, Wh.</param>
/// <param name="EnergyCharge">Money for energy by rate, without tiers, standing charge and tax.</param>
/// <param name="Readings">Register values of the day: time, Wh, quality.</param>
/// <param name="Register">OBIS code of the register: 1.8.0, a rate register of a meter that is charged by them, or 2.8.0.</param>
/// <param name="LogPositions">First and last position of the readings in the partition's log.</param>
/// <param name="Intervals">Intervals with energy, where the tariff follows a price series; else null, as for 2.8.0, whose energy has prices by rate.</param>
/// <param name="AverageWh">Energy of them that is charged at an average, since the price is missing.</param>
/// <param name="Ratio">Ratio of the meter's transformers at the end of the day: energy by what its readings count. Absent where there are none.</param>
public sealed record ExplainDay(
    string Meter, string Day, string Tariff, int TariffVersion, bool Closed, IReadOnlyDictionary<string, long> ByRate, string EnergyCharge, long HeldWh,
    IReadOnlyList<ReadingAnswer> Readings, IReadOnlyList<long> LogPositions, string Register,
    IReadOnlyList<ExplainInterval>? Intervals = null, long AverageWh = 0, string? Ratio = null);
