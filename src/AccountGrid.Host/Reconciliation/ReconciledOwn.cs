namespace AccountGrid.Host.Reconciliation;

/// <summary>What the grid has and no file of the channel does.</summary>
/// <param name="Key">Identity: 32 hexadecimal digits.</param>
/// <param name="Proposal">Key of the line that it may be.</param>
internal sealed record ReconciledOwn(string Key, OwnEntry Own, string? Proposal);
