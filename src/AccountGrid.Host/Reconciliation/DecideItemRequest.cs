namespace AccountGrid.Host.Reconciliation;

/// <summary>A person's decision about a difference.</summary>
/// <param name="Decision"><c>accept</c>: the proposed correction is made; <c>reject</c>: it is not.</param>
/// <param name="Reason">How the person knows; kept.</param>
public sealed record DecideItemRequest(string Decision, string Reason);
