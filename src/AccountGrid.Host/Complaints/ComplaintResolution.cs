namespace AccountGrid.Host.Complaints;

/// <summary>Decides a complaint.</summary>
/// <param name="Outcome"><c>upheld</c>, <c>partlyUpheld</c>, <c>notUpheld</c> or <c>withdrawn</c>. Each ends the hold of a grievance.</param>
/// <param name="Note">What the customer was told, at most 2,000 characters; it has no consequence.</param>
public sealed record ComplaintResolution(string Outcome, string? Note = null);
