namespace AccountGrid.Host.Collections;

/// <summary>A contact that was made for a case that stays open.</summary>
/// <param name="Channel"><c>call</c>, <c>visit</c>, <c>letter</c>, <c>welfare-visit</c> or <c>authority-copy</c>.</param>
/// <param name="Outcome">A code of that channel.</param>
/// <param name="Note">Free text. It proves nothing.</param>
public sealed record CaseContactRequest(string Channel, string Outcome, string? Note = null);
