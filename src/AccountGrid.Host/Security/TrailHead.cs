namespace AccountGrid.Host.Security;

/// <summary>Where a chain of the audit trail ended when it was recorded outside the database.</summary>
/// <param name="Account">The chain's account; empty is the grid itself.</param>
/// <param name="Sequence">Number of the chain's last row then, from 1.</param>
/// <param name="Hash">That row's hash, lower-case hexadecimal. It covers the rows before it.</param>
internal sealed record TrailHead(string Account, long Sequence, string Hash);
