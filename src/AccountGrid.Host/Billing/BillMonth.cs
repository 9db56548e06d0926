namespace AccountGrid.Host.Billing;

/// <param name="Month">yyyy-MM.</param>
/// <param name="EnergyWh">What the bills were for whose periods end in the month.</param>
/// <param name="Days">Days of these periods.</param>
public sealed record BillMonth(string Month, long EnergyWh, int Days = 0);
