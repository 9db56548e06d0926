using AccountGrid.Domain.Customers;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Grades;

/// <summary>
/// What an account was asked for and what paid it. Items that are due on one day are one bill: that is what its customer was asked for. Parts are netted by the
/// credit that paid, so that a payment that was returned has paid nothing.
/// </summary>
internal static class AccountBills
{
    /// <summary>The bills of an account, by due day.</summary>
    /// <param name="excused">A bill that is open while its claim is not certain is left out; days excused move its due day.</param>
    /// <param name="agreedAt">Position of the plan that is kept on the day of the evaluation; null is none. It has what was asked for before it.</param>
    public static IEnumerable<OwedAmount> Of(IReadOnlyList<ItemMoveEffect> moves, int today, ExcusedDays excused, long? agreedAt)
    {
        var asked = moves.Where(m => m.Credit == ItemMove.Asked && m.Day < today).GroupBy(m => m.Item).Select(g => g.MaxBy(m => m.Position)!).ToList();
        var parts = moves.Where(m => m.Credit != ItemMove.Asked).ToLookup(m => m.Item);
        foreach (var bill in asked.GroupBy(i => i.DueDay).OrderBy(g => g.Key))
        {
            var amount = bill.Select(i => i.Amount).Sum();
            var owed = new OwedAmount(bill.Key, amount, Paid(bill.SelectMany(i => parts[i.Item])), bill.All(i => i.Position < agreedAt));
            var paid = owed.PaidDay(today);
            if (paid is null && excused.IsDisputed(today - 1))
            {
                continue;
            }

            yield return owed with { DueDay = owed.DueDay + excused.Between(owed.DueDay, paid ?? (today - 1)) };
        }
    }

    /// <summary>What paid, netted by credit, oldest day first.</summary>
    public static IReadOnlyList<PaidPart> Paid(IEnumerable<ItemMoveEffect> moves) =>
    [
        .. moves.GroupBy(m => m.Credit == 0 ? (m.Credit, m.Position) : (m.Credit, 0L))
            .Select(g => new PaidPart(g.Min(m => m.Day), g.Select(m => m.Amount).Sum()))
            .Where(p => p.Amount > Money.Zero).OrderBy(p => p.Day),
    ];
}
