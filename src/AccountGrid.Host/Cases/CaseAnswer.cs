namespace AccountGrid.Host.Cases;

/// <param name="Account">Null where the case is about no account.</param>
/// <param name="Due">Local day on which it is due, at the end of the working hours.</param>
/// <param name="Amount">Money at risk.</param>
/// <param name="Area">The account's, or that of the case itself.</param>
/// <param name="Owner">Whoever has it; null is nobody.</param>
/// <param name="Level">How many persons up it has gone.</param>
/// <param name="Priority"><c>low</c>, <c>normal</c>, <c>high</c> or <c>urgent</c>.</param>
/// <param name="Grade">The customer's risk grade.</param>
/// <param name="State"><c>open</c>, <c>escalated</c> or <c>closed</c>.</param>
/// <param name="Result">Code of what it ended with; null while it is open, and where a contact ended it.</param>
/// <param name="Outcome">The contact's code, or what a person wrote.</param>
public sealed record CaseAnswer(
    string Id,
    string? Account,
    string Kind,
    string? Subject,
    DateTimeOffset At,
    string Due,
    DateTimeOffset DueAt,
    string Amount,
    string? Area,
    string? Owner,
    int Level,
    string Priority,
    string Grade,
    string State,
    string? Result,
    string? Outcome,
    string? ClosedBy);
