namespace AccountGrid.Host.Collections;

/// <param name="State"><c>open</c>, <c>escalated</c> or <c>closed</c>.</param>
public sealed record CaseAnswer(string Id, string Account, string Kind, DateTimeOffset At, string Due, string Amount, string? Owner, string State,
    string? Outcome, string? ClosedBy);
