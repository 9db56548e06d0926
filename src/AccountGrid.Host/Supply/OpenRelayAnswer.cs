namespace AccountGrid.Host.Supply;

/// <summary>A relay command that is not carried out yet.</summary>
/// <param name="Action"><c>cut</c> or <c>restore</c>.</param>
/// <param name="State"><c>planned</c>: it waits for its gateway to ask, and for the interlock; <c>held</c>: it waits for a person; <c>released</c>: meters are
/// to confirm it.</param>
/// <param name="ExpiresAt">After that it is not carried out; null is never.</param>
/// <param name="Meters">How many meters have not confirmed it.</param>
/// <param name="HeldBecause">What holds it; null where nothing does.</param>
/// <param name="IsReleasable">The breaker holds it, and a person can let it go on. What the switch for all cuts holds goes on with the switch.</param>
/// <param name="ReleasedBy">Who let it go on although the breaker held it.</param>
public sealed record OpenRelayAnswer(
    string Account, int Sequence, string Action, string State, DateTimeOffset At, DateTimeOffset? ExpiresAt, int Meters, string? HeldBecause,
    bool IsReleasable, string? ReleasedBy);
