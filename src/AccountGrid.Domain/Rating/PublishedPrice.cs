namespace AccountGrid.Domain.Rating;

/// <param name="Day">Local day of the interval in the series' zone, as a day number.</param>
/// <param name="Index">The interval within its day, from 0.</param>
/// <param name="Micro">10^-6 units per kWh.</param>
public readonly record struct PublishedPrice(int Day, int Index, long Micro);
