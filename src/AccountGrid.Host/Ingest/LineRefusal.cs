namespace AccountGrid.Host.Ingest;

/// <summary>A line of a batch that is refused, and why.</summary>
/// <param name="Line">Number of the line, or of the item of the list, from 1.</param>
/// <param name="Refusal">The code, and a sentence with the field, the value and what would be right.</param>
public sealed record LineRefusal(int Line, Refusal Refusal);
