namespace AccountGrid.Host.Reconciliation;

/// <summary>All that a comparison finds, in an order that depends on nothing but the content.</summary>
internal sealed record ReconciliationOutcome(IReadOnlyList<ReconciledLine> Lines, IReadOnlyList<ReconciledOwn> MissingThere);
