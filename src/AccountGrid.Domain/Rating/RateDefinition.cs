namespace AccountGrid.Domain.Rating;

/// <param name="Name">Name of the rate, unique in the tariff.</param>
/// <param name="PricePerKwh">Decimal string, at most six decimals.</param>
public sealed record RateDefinition(string Name, string PricePerKwh);
