using AccountGrid.Domain.Rating;

namespace AccountGrid.Domain.Billing;

/// <summary>What a meter used on a local day, by the rates of a tariff version.</summary>
/// <param name="Day">Local day number.</param>
/// <param name="RateWh">Energy by rate, Wh.</param>
public sealed record UsedDay(int Day, Tariff Tariff, IReadOnlyList<long> RateWh);
