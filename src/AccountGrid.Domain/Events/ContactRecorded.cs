namespace AccountGrid.Domain.Events;

/// <param name="Outcome">A code of <see cref="ContactOutcomes"/>.</param>
public sealed record ContactRecorded(string Kind, string By, string Outcome, string? CaseId, string? Note = null) : AccountEvent;
