namespace AccountGrid.Host.Cases;

/// <summary>What happened to a case.</summary>
/// <param name="Kind"><c>moved</c>, <c>taken</c>, <c>handed-over</c>, <c>postponed</c>, <c>contact</c>, <c>escalated</c> or <c>closed</c>.</param>
/// <param name="Person">Who did it; empty is the grid itself.</param>
/// <param name="From">Whoever had it before; null is nobody, or that it did not change hands.</param>
/// <param name="To">Whoever had it then.</param>
/// <param name="Reason">Why: what a person wrote, the contact's channel and outcome, or the grid's reason.</param>
public sealed record CaseEventAnswer(DateTimeOffset At, string Kind, string Person, string? From, string? To, string? Reason);
