namespace AccountGrid.Host.Accounts;

/// <param name="From">The local day, the first local day of the period, or when the hour begins, with its offset from UTC.</param>
/// <param name="EnergyWh">Charged energy of all meters.</param>
/// <param name="HeldWh">Energy that waits for a decision and is not charged; of hours it is not known.</param>
/// <param name="IsClosed">Only a correction changes it any more.</param>
public sealed record ConsumptionRow(string From, long EnergyWh, long HeldWh, bool IsClosed);
