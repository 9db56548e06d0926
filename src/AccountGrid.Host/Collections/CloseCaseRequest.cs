namespace AccountGrid.Host.Collections;

/// <param name="Outcome">With a contact a code, as of <c>POST /v1/accounts/{id}/contacts</c>; without one free text, which has no consequences.</param>
/// <param name="Contact">Kind of the contact that was made; absent is none.</param>
/// <param name="Note">Free text beside a contact. It proves nothing.</param>
/// <param name="Result"><c>done</c> (where absent), <c>paid</c>, <c>promised</c>, <c>notReached</c>, <c>notNeeded</c> or <c>duplicate</c>; not with a
/// contact.</param>
/// <param name="PromisedBy">With <c>promised</c>: the day by which the customer promises to pay.</param>
public sealed record CloseCaseRequest(string Outcome = "", string? Contact = null, string? Note = null, string? Result = null, DateOnly? PromisedBy = null);
