namespace AccountGrid.Host.Operations;

/// <summary>A meter whose readings have stopped.</summary>
/// <param name="LastReadingAt">Time of its last reading of 1.8.0 that no person dismissed.</param>
/// <param name="RegisterWh">Its register then, Wh.</param>
public sealed record SilentMeterAnswer(string Meter, string Gateway, string Account, DateTimeOffset LastReadingAt, long RegisterWh);
