namespace AccountGrid.Host.Collections;

/// <param name="Outcome">With a contact a code, as of <c>POST /v1/accounts/{id}/contacts</c>; without one free text.</param>
/// <param name="Contact">Kind of the contact that was made; absent is none.</param>
/// <param name="Note">Free text.</param>
public sealed record CloseCaseRequest(string Outcome, string? Contact = null, string? Note = null);
