namespace AccountGrid.Host.Files;

/// <summary>What an import came to. Unchanged items were there already, just so.</summary>
/// <param name="Warnings">What was taken and leaves something open, a line for each code.</param>
public sealed record ImportSummary(int Created, int Unchanged, IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings);
