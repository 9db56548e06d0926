namespace AccountGrid.Host.Billing;

/// <summary>
/// A line of a bill: energy at one rate, levies, tiers, standing charge, taxes, exported energy, corrections, rounding. The lines sum to the bill's total;
/// those of kind
/// <c>tax</c> and <c>named-tax</c> are the taxes on the others.
/// </summary>
/// <param name="Name">Of a rate, as the tariff names it; of a step, its number; else what the line is.</param>
/// <param name="EnergyWh">Energy that it is for; null where it is for none.</param>
/// <param name="PricePerKwh">Price; null where there is no single one.</param>
/// <param name="AboveWh">Of a step, the energy of its period above which it holds.</param>
/// <param name="TaxBasisPoints">Rate of the tax on it, hundredths of a percent; null where none is known, as for rounding.</param>
public sealed record BillLine(
    string Kind, string Name, long? EnergyWh, string? PricePerKwh, string Amount, long? AboveWh = null, int? TaxBasisPoints = null);
