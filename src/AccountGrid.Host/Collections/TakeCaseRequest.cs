namespace AccountGrid.Host.Collections;

/// <param name="Reason">Why; may be absent.</param>
public sealed record TakeCaseRequest(string? Reason = null);
