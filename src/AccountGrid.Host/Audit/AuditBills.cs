using AccountGrid.Domain;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Audit;

/// <summary>What the audit knows of bills beside an account's history: their days, and what they list as unpaid.</summary>
internal static class AuditBills
{
    /// <summary>First and last day of the bill that a day is on: the month's, or of instalments the 1st to 10th, 11th to 20th and the rest.</summary>
    public static (int First, int Last) PeriodOf(int day, PaymentMode mode)
    {
        var date = DateOnly.FromDayNumber(day);
        var (first, end) = (day - date.Day + 1, day - date.Day + DateTime.DaysInMonth(date.Year, date.Month));
        return mode != PaymentMode.Instalments ? (first, end) : date.Day switch
        {
            <= 10 => (first, first + 9),
            <= 20 => (first + 10, first + 19),
            _ => (first + 20, end),
        };
    }

    /// <summary>What arrears and debits are made of must be what is open by due day; the bill's own amount is not among it yet.</summary>
    public static IEnumerable<string> Compare(string name, AuditItems items, BillFacts bill)
    {
        var shown = (bill.Items ?? []).ToLookup(i => i.DueDay, i => i.Nano);
        var known = items.Items.Where(i => !i.IsFee && i.Open > 0).ToLookup(i => i.DueDay, i => i.Open);
        return
            from due in shown.Select(g => g.Key).Union(known.Select(g => g.Key)).Order()
            where known[due].Sum() != shown[due].Sum()
            select $"{name}: unpaid of what was due on {(due == 0 ? "no day" : Instants.DayToText(due))} must be {new Money(known[due].Sum())} but is "
                + $"{new Money(shown[due].Sum())}";
    }
}
