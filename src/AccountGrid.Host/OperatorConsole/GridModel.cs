using AccountGrid.Host.Operations;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>How the grid works.</summary>
/// <param name="Findings">The doctor's.</param>
/// <param name="Quarantined">Records that were set aside and wait for a decision, and some that were decided.</param>
public sealed record GridModel(
    ConsolePart<GridAnswer> Grid, ConsolePart<List<FindingAnswer>> Findings, ConsolePart<List<QuarantineAnswer>> Quarantined);
