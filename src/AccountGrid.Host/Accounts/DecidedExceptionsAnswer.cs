namespace AccountGrid.Host.Accounts;

/// <param name="Decided">Rows that were decided, or would be.</param>
/// <param name="NextCursor">Where the next page begins; null on the last.</param>
public sealed record DecidedExceptionsAnswer(int Decided, int Refused, IReadOnlyList<DecisionAnswer> Data, string? NextCursor, bool HasMore);
