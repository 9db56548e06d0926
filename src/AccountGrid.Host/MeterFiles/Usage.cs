namespace AccountGrid.Host.MeterFiles;

/// <summary>What an account used and delivered, reading by reading.</summary>
/// <param name="Zone">IANA zone of the account's tariff.</param>
/// <param name="Rows">By meter, register and time.</param>
internal sealed record Usage(string Account, TimeZoneInfo Zone, DateTimeOffset At, IReadOnlyList<UsageRow> Rows);
