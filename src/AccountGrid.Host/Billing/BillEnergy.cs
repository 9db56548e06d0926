using AccountGrid.Domain;

namespace AccountGrid.Host.Billing;

/// <summary>Energy of a bill's days at one rate of one tariff version.</summary>
/// <param name="Price">Without levy.</param>
internal sealed record BillEnergy(string Rate, long Wh, Price Price, Price Levy, int TaxBasisPoints);
