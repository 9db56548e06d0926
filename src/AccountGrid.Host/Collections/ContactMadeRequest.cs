namespace AccountGrid.Host.Collections;

/// <param name="Kind"><c>call</c>, <c>visit</c>, <c>letter</c>, <c>welfare-visit</c>, <c>authority-copy</c>.</param>
/// <param name="Outcome">
/// A code; what it proves is fixed. <c>call</c>: <c>reached</c>, <c>left-message</c>, <c>no-answer</c>, <c>refused</c>, <c>wrong-number</c>. <c>visit</c>:
/// <c>delivered-in-hand</c>,
/// <c>reached</c>, <c>left-message</c>, <c>nobody-home</c>, <c>refused</c>, <c>wrong-address</c>. <c>letter</c>: <c>signed-for</c>, <c>sent</c>,
/// <c>refused</c>, <c>returned</c>.
/// <c>welfare-visit</c>: <c>reached</c>, <c>nobody-home</c>, <c>refused</c>, <c>wrong-address</c>. <c>authority-copy</c>: <c>informed</c>, <c>no-answer</c>.
/// </param>
/// <param name="Case">Open case of this account that it closes. A delivery by hand and the authority's copy count only with the case that was opened for
/// them.</param>
/// <param name="Note">Free text; it proves nothing.</param>
public sealed record ContactMadeRequest(string Kind, string Outcome, string? Case = null, string? Note = null);
