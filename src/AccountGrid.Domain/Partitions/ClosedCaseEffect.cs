namespace AccountGrid.Domain.Partitions;

/// <summary>A person has closed a case, with or without a contact.</summary>
/// <param name="Outcome">The contact's code and note, or free text.</param>
public sealed record ClosedCaseEffect(string Id, string By, string Outcome, long AtMs);
