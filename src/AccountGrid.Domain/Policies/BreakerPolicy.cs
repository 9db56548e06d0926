namespace AccountGrid.Domain.Policies;

/// <summary>Cuts per hour beyond which a person must release them: of the whole grid, of one area, of one tariff.</summary>
public sealed record BreakerPolicy(int PerHour, int PerAreaPerHour, int PerTariffPerHour);
