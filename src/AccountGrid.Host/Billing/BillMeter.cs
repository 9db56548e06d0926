namespace AccountGrid.Host.Billing;

/// <summary>
/// A meter over a bill's days: the last register value before them and the last in them, as they were read. Where a meter was exchanged or came from elsewhere,
/// each has a line.
/// </summary>
/// <param name="FromWh">Import register, watt-hours; <paramref name="ToWh"/> likewise.</param>
/// <param name="EnergyWh">What was billed: the difference, and at the borders what was used between a day's end and the readings around it.</param>
/// <param name="FromQuality">measured, manual, edited, estimated or questionable; <paramref name="ToQuality"/> likewise.</param>
/// <param name="EstimatedWh">What of the register's difference lies next to an estimated value.</param>
/// <param name="Multiplier">What the register's difference is multiplied by. Registers are in watt-hours of the supply, so it is 1.</param>
public sealed record BillMeter(
    string Meter, DateTimeOffset FromAt, long FromWh, DateTimeOffset ToAt, long ToWh, long EnergyWh, string FromQuality = "measured",
    string ToQuality = "measured", long EstimatedWh = 0, string Multiplier = "1");
