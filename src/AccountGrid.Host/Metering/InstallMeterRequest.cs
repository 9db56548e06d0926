namespace AccountGrid.Host.Metering;

/// <param name="Id">1 to 32 visible ASCII characters, case-sensitive.</param>
/// <param name="Gateway">The gateway that pushes it.</param>
/// <param name="Account">The account it is on; none if absent.</param>
/// <param name="InstalledAt">Since when it counts, with its offset from UTC; not before the account's first day.</param>
/// <param name="RegisterWh">Its register then, Wh; 0 if absent, and the answer says so.</param>
/// <param name="RateRegistersWh">
/// Its rate registers then, Wh, 1.8.1 first, at most four, for a meter that is charged by them under tariffs that map them to rates; absent for one that is
/// charged by 1.8.0. Without <paramref name="RegisterWh"/> its 1.8.0 is taken as their sum.
/// </param>
/// <param name="ExportWh">
/// Its 2.8.0 then, Wh, for a meter that measures export: what it counts is credited by the account's tariff. Absent for one that does not.
/// </param>
/// <param name="ReactiveVarh">
/// Its 3.8.0 then, varh, for a meter that measures reactive energy: tariffs with a power factor go by it. Absent for one that does not.
/// </param>
/// <param name="CapacityW">Capacity of the service, W; readings above it are held. 0 switches the check off, and the answer says so.</param>
/// <param name="RegisterWidthWh">Where the register starts again from zero, Wh; 0 is never.</param>
/// <param name="IntervalSeconds">Usual time between readings; 0 switches gap reports off.</param>
/// <param name="Ratio">Ratio of the current and voltage transformers together, a decimal string such as 60: energy is what the register counts times it. 1 if
/// absent.</param>
public sealed record InstallMeterRequest(
    string Id, string Gateway, string? Account = null, DateTimeOffset? InstalledAt = null, long? RegisterWh = null, long CapacityW = 0,
    long RegisterWidthWh = 0, int IntervalSeconds = 0, IReadOnlyList<long>? RateRegistersWh = null,
    long? ExportWh = null, long? ReactiveVarh = null, string? Ratio = null);
