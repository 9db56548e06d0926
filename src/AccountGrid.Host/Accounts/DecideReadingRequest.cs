namespace AccountGrid.Host.Accounts;

/// <param name="At">Time of the reading, with its offset from UTC.</param>
/// <param name="Decision">accept, rollover, setBack, edit, estimate, dismiss or withdraw.</param>
/// <param name="Reason">Why, for whoever looks later.</param>
/// <param name="Code">The exception that is decided; absent is the reading itself, whether or not it has one.</param>
/// <param name="ValueWh">The right value, for edit.</param>
/// <param name="Method">interpolated or sameWeekdays, for estimate.</param>
/// <param name="SeenWh">The value that was seen; where another one counts meanwhile, nothing is decided. The exception's if absent.</param>
/// <param name="Over">The decision that this one replaces; absent is none.</param>
/// <param name="DryRun">Says what it would come to, and changes nothing.</param>
public sealed record DecideReadingRequest(
    string Meter, DateTimeOffset At, string Decision, string Reason, string? Code = null, long? ValueWh = null, string? Method = null, long? SeenWh = null,
    string? Over = null, bool DryRun = false);
