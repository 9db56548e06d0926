namespace AccountGrid.Domain.Rating;

/// <param name="Name">Name of the rate, unique in the tariff.</param>
/// <param name="PricePerKwh">Decimal string with at most six decimals; below zero the energy is credited.</param>
public sealed record RateDefinition(string Name, string PricePerKwh);
