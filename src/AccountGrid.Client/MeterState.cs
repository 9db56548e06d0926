namespace AccountGrid.Client;

/// <summary>A meter of an account.</summary>
/// <param name="Meter">Id of the meter.</param>
/// <param name="RegisterWh">Last value of 1.8.0, Wh.</param>
/// <param name="At">When the register had the value.</param>
/// <param name="ChargedWh">Energy charged so far, Wh.</param>
/// <param name="HeldWh">Energy held in exceptions, Wh.</param>
public sealed record MeterState(string Meter, long RegisterWh, DateTimeOffset At, long ChargedWh, long HeldWh);
