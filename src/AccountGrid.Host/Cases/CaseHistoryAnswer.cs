namespace AccountGrid.Host.Cases;

/// <summary>A case with all that happened to it, the oldest first.</summary>
public sealed record CaseHistoryAnswer(CaseAnswer Case, IReadOnlyList<CaseEventAnswer> History);
