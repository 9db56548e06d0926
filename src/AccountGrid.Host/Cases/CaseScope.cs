namespace AccountGrid.Host.Cases;

/// <summary>Which cases a caller sees, and under which names the caller has some.</summary>
/// <param name="Names">Of the caller, the one under which a case is taken first.</param>
/// <param name="Areas">Only cases of these areas, and the caller's own; null is of all.</param>
/// <param name="Manager">Only cases of this manager's accounts, and the caller's own; null is of all.</param>
internal sealed record CaseScope(string[] Names, string[]? Areas, string? Manager);
