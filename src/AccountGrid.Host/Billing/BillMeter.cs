namespace AccountGrid.Host.Billing;

/// <summary>
/// A register of a meter over a bill's days: the last value before them and the last in them, as they were read. Where a meter was exchanged or came from
/// elsewhere, each has a line. A meter that is charged by its rate registers has a line for each of them.
/// </summary>
/// <param name="FromWh">Watt-hours; <paramref name="ToWh"/> likewise.</param>
/// <param name="EnergyWh">What was billed: the difference, and at the borders what was used between a day's end and the readings around it.</param>
/// <param name="FromQuality">measured, manual, edited, estimated or questionable; <paramref name="ToQuality"/> likewise.</param>
/// <param name="EstimatedWh">What of the register's difference lies next to an estimated value.</param>
/// <param name="Register">OBIS code of the register: 1.8.0, or a rate register of a meter that is charged by them; 2.8.0 is exported energy.</param>
/// <param name="Multiplier">Ratio of the transformers: what the register's difference is multiplied by, 1 where there are none. Another ratio
/// has a line of its own.</param>
public sealed record BillMeter(
    string Meter, DateTimeOffset FromAt, long FromWh, DateTimeOffset ToAt, long ToWh, long EnergyWh, string FromQuality = "measured",
    string ToQuality = "measured", long EstimatedWh = 0, string Multiplier = "1",
    string Register = "1.8.0");
