using AccountGrid.Host.Settlement.Formats;

namespace AccountGrid.Host.Reconciliation;

/// <summary>What is found about a line, however many files have it.</summary>
/// <param name="Key">Identity by content: the same in every file that repeats the line. 32 hexadecimal digits.</param>
/// <param name="Places">Where the line is: once for each file.</param>
/// <param name="Own">What it was matched with by ids or by a person; null where nothing was.</param>
/// <param name="Proposal">What it may be, by account, amount and a day's difference at most: a person decides.</param>
internal sealed record ReconciledLine(
    string Key, SettlementLine Line, IReadOnlyList<FileLine> Places, ReconciliationResult Result, OwnEntry? Own, OwnEntry? Proposal);
