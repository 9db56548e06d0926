namespace AccountGrid.Host.Reconciliation;

/// <summary>Signs a day off.</summary>
/// <param name="Note">Free text; it has no consequences.</param>
public sealed record SignOffRequest(string? Note = null);
