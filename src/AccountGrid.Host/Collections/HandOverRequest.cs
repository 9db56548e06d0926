namespace AccountGrid.Host.Collections;

/// <param name="To">The person who gets the case.</param>
/// <param name="Reason">Why; kept.</param>
public sealed record HandOverRequest(string To, string Reason);
