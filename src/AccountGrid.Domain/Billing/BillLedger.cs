using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Billing;

/// <summary>
/// Which entries of an account's ledger a bill is made of, as functions of the entries and of where the bill and the one before it stand among them.
/// Entries and events of a record are numbered in one sequence, so that a bill's place is that of its <see cref="Events.BillClosed"/>.
/// </summary>
public static class BillLedger
{
    /// <summary>Takes the entries of one bill apart.</summary>
    /// <param name="entries">
    /// In their order: all between the two places, and those of the bill's days that came before them. Others are passed over.
    /// </param>
    /// <param name="begun">Where the account came under a pack: what was charged before is no part of any bill.</param>
    /// <param name="after">Where the bill before stands; the same as <paramref name="begun"/> for the first one.</param>
    /// <param name="at">Where the bill stands.</param>
    public static BillStatement Of(IEnumerable<LedgerEntry> entries, LedgerPlace begun, LedgerPlace after, LedgerPlace at, int fromDay, int toDay)
    {
        var known = entries.Where(e => PlaceOf(e) > begun && PlaceOf(e) < at).ToList();
        var since = known.FindAll(e => PlaceOf(e) > after);
        var own = known.Where(e => e.Kind == EntryKind.Correction && e.Day >= fromDay && e.Day <= toDay).Aggregate(default(ChargeParts), (s, e) => s + e.Parts);
        var corrections = since.FindAll(e => IsOfEarlierDay(e, fromDay, toDay));
        var moved = since.GroupBy(e => e.Kind).OrderBy(g => g.Key)
            .Select(g => new LedgerMovement(g.Key, g.Aggregate(WideMoney.Zero, (sum, e) => sum + e.Amount))).ToList();
        return new BillStatement(moved, since.FindAll(IsCredit), own, corrections);
    }

    /// <summary>
    /// Whether an entry counts as paid on a bill: payments and what was taken back of them, credit that was given, and credit that was paid out. A debit by a
    /// person's decision is an item of its own.
    /// </summary>
    public static bool IsCredit(LedgerEntry entry) => entry.Kind switch
    {
        EntryKind.Payment or EntryKind.Reversal or EntryKind.Refund => true,
        EntryKind.Adjustment => entry.Amount > Money.Zero || entry.CorrectsPosition != 0,
        _ => false,
    };

    /// <summary>
    /// Whether an entry changes what days before the bill's cost, or gives standing charges back: a correction, or the first charge of a day whose bill was
    /// closed by then.
    /// </summary>
    private static bool IsOfEarlierDay(LedgerEntry entry, int fromDay, int toDay) => entry.Kind switch
    {
        EntryKind.Charge or EntryKind.Correction => entry.Day < fromDay,
        EntryKind.Standing => entry.Amount > Money.Zero && entry.Day <= toDay,
        _ => false,
    };

    private static LedgerPlace PlaceOf(LedgerEntry entry) => new(entry.Position, entry.Sequence);
}
