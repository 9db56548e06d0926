namespace AccountGrid.Host.Collections;

/// <param name="Go">Supply may be cut now.</param>
/// <param name="Reasons">Every reason not to.</param>
/// <param name="Policy">Pack, version and hash that decided.</param>
/// <param name="Version">Version of the account that it holds for.</param>
public sealed record InterlockAnswer(string Account, bool Go, IReadOnlyList<InterlockReasonAnswer> Reasons, string Policy, long Version, DateTimeOffset At,
    System.Text.Json.JsonElement Facts);
