using AccountGrid.Domain;
using AccountGrid.Domain.Partitions;

namespace AccountGrid.Host.Audit;

/// <summary>What the audit knows of bills beside an account's history: what they list as unpaid.</summary>
internal static class AuditBills
{
    /// <summary>What arrears and debits are made of must be what is open by due day; the bill's own amount is not among it yet.</summary>
    public static IEnumerable<string> Compare(string name, AuditItems items, BillFacts bill)
    {
        var shown = (bill.Items ?? []).ToLookup(i => i.DueDay, i => i.Amount.Nano);
        var known = items.Items.Where(i => !i.IsFee && i.Open > 0).ToLookup(i => i.DueDay, i => i.Open);
        return
            from due in shown.Select(g => g.Key).Union(known.Select(g => g.Key)).Order()
            where known[due].Sum() != shown[due].Sum()
            select $"{name}: unpaid of what was due on {(due == 0 ? "no day" : Instants.DayToText(due))} must be {new Money(known[due].Sum())} but is "
                + $"{new Money(shown[due].Sum())}";
    }
}
