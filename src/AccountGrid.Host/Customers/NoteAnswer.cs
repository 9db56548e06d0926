namespace AccountGrid.Host.Customers;

/// <param name="Kind"><c>situation</c> or <c>vacant</c>.</param>
/// <param name="Text">What the customer said; empty after its erasure.</param>
/// <param name="CorrectedBy">The later note that corrects this one; null is none.</param>
/// <param name="WrittenBy">The key or operator that wrote it.</param>
public sealed record NoteAnswer(
    long Id, string Kind, string Text, string? Agreed, DateOnly From, DateOnly? Until, long? Corrects, long? CorrectedBy, string WrittenBy,
    DateTimeOffset WrittenAt);
