namespace AccountGrid.Host.Accounts;

/// <param name="RegisterWh">Last register value, Wh.</param>
/// <param name="HeldWh">Energy held in exceptions, Wh.</param>
public sealed record BalanceMeter(string Meter, long RegisterWh, DateTimeOffset At, long ChargedWh, long HeldWh);
