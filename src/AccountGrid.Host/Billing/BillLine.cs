namespace AccountGrid.Host.Billing;

/// <summary>A line of a bill: energy at one rate, tiers, standing charge, tax, corrections, rounding.</summary>
/// <param name="EnergyWh">Energy that it is for; null where it is for none.</param>
/// <param name="PricePerKwh">Price, levies included; null where there is no single one.</param>
public sealed record BillLine(string Kind, string Name, long? EnergyWh, string? PricePerKwh, string Amount);
