namespace AccountGrid.Host.Billing;

/// <param name="Month">yyyy-MM.</param>
/// <param name="EnergyWh">What the bills of the month were for.</param>
public sealed record BillMonth(string Month, long EnergyWh);
