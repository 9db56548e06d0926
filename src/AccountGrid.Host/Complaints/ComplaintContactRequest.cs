namespace AccountGrid.Host.Complaints;

/// <summary>Says that a person has spoken with who complained.</summary>
/// <param name="Note">What was said, at most 256 characters; it has no consequence.</param>
public sealed record ComplaintContactRequest(string? Note = null);
