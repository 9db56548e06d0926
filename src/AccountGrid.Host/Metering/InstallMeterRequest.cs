namespace AccountGrid.Host.Metering;

/// <param name="Id">1 to 32 visible ASCII characters, case-sensitive.</param>
/// <param name="Gateway">The gateway that pushes it.</param>
/// <param name="Account">The account it is on; none if absent.</param>
/// <param name="InstalledAt">Since when it counts, with its offset from UTC; not before the account's first day.</param>
/// <param name="RegisterWh">Its register then, Wh; 0 if absent, and the answer says so.</param>
/// <param name="CapacityW">Capacity of the service, W; readings above it are held. 0 switches the check off, and the answer says so.</param>
/// <param name="RegisterWidthWh">Where the register starts again from zero, Wh; 0 is never.</param>
/// <param name="IntervalSeconds">Usual time between readings; 0 switches gap reports off.</param>
public sealed record InstallMeterRequest(
    string Id, string Gateway, string? Account = null, DateTimeOffset? InstalledAt = null, long? RegisterWh = null, long CapacityW = 0,
    long RegisterWidthWh = 0, int IntervalSeconds = 0);
