namespace AccountGrid.Host.Ingest;

/// <summary>What became of a batch. Duplicates are the same reading twice in one batch.</summary>
public sealed record IntakeResult(int Accepted, int Duplicates, IReadOnlyList<LineRefusal> Errors, int Rejected);
