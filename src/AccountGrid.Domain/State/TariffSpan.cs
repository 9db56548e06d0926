namespace AccountGrid.Domain.State;

/// <summary>From a local day on, a tariff version.</summary>
public readonly record struct TariffSpan(int FromDay, int Tariff);
