namespace AccountGrid.Domain.State;

/// <summary>From a local day on, a product or a tariff version.</summary>
/// <param name="Tariff">Number of a version.</param>
/// <param name="Follows">The account is on the version's product, and each later version takes effect for it on its day; else it stays on the version, unless
/// that is withdrawn before it begins.</param>
public readonly record struct TariffSpan(int FromDay, int Tariff, bool Follows = false);
