using AccountGrid.Domain;

namespace AccountGrid.Host.Billing;

/// <summary>Energy of a bill's days at one rate of one tariff version.</summary>
/// <param name="Price">Without levy, and without what follows a price series.</param>
/// <param name="Followed">What the energy costs by the prices of a series, where <paramref name="Rate"/> names that: there is no single price then.</param>
/// <param name="IsAverage">Prices of the series were missing, and the average stands in their place.</param>
internal sealed record BillEnergy(
    string Rate, long Wh, Price Price, Price Levy, int? TaxBasisPoints, WideMoney? Followed = null, bool IsAverage = false);
