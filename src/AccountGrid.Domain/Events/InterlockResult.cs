namespace AccountGrid.Domain.Events;

/// <param name="Go">Supply may be cut now.</param>
/// <param name="Reasons">Every reason not to; empty where it may.</param>
/// <param name="Policy">Pack, version and hash that decided.</param>
public sealed record InterlockResult(bool Go, IReadOnlyList<InterlockReason> Reasons, string Policy, InterlockFacts Facts);
