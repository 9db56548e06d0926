using AccountGrid.Domain.Rating;

namespace AccountGrid.Domain.Billing;

/// <summary>What a meter used on a local day, by the rates of a tariff version.</summary>
/// <param name="Day">Local day number.</param>
/// <param name="RateWh">Energy by rate of the day's plan, Wh.</param>
/// <param name="PricesThrough">Publication through which prices of a series count; <see cref="int.MaxValue"/> is all that are known now.</param>
public sealed record UsedDay(int Day, Tariff Tariff, IReadOnlyList<long> RateWh, int PricesThrough = int.MaxValue);
