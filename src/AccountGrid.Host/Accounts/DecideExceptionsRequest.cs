namespace AccountGrid.Host.Accounts;

/// <param name="Code">Exceptions of this code.</param>
/// <param name="Decision">accept, setBack, rollover, estimate or dismiss.</param>
/// <param name="Reason">Why, for whoever looks later.</param>
/// <param name="Meter">Of this meter only.</param>
/// <param name="Account">Of this account only.</param>
/// <param name="Method">interpolated or sameWeekdays, for estimate.</param>
/// <param name="Limit">Exceptions of this page, 1 to 100; 50 if absent.</param>
/// <param name="Cursor">Where an earlier page ended.</param>
/// <param name="DryRun">Says what each would come to, and changes nothing.</param>
public sealed record DecideExceptionsRequest(
    string Code, string Decision, string Reason, string? Meter = null, string? Account = null, string? Method = null, int? Limit = null,
    string? Cursor = null, bool DryRun = false);
