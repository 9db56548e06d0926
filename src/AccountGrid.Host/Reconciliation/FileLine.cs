using AccountGrid.Host.Settlement.Formats;

namespace AccountGrid.Host.Reconciliation;

/// <summary>A line of an imported settlement file, and where it is.</summary>
/// <param name="Settlement">Id of the imported file.</param>
/// <param name="Ordinal">Place among the file's lines, from 0.</param>
internal sealed record FileLine(string Settlement, int Ordinal, SettlementLine Line);
