using AccountGrid.Domain.Notices;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Billing;

/// <summary>What the message of a bill says.</summary>
internal static class BillNotices
{
    /// <summary>The last bill and what is to be paid with it: all that is unpaid, and late fees.</summary>
    internal static NoticeFacts FactsOf(FoldContext context, in Moment at)
    {
        var overdue = at.Customer.Overdue;
        var due = LastDueDay(overdue);
        return NoticeWriter.FactsOf(context, at) with
        {
            Amount = Asking.Bill(overdue.Book, at.Policy.Digits).ToString(),
            DueDay = due == 0 ? null : Instants.DayToText(due)
        };
    }

    /// <summary>Due day of the newest unpaid bill; 0 where all are paid.</summary>
    internal static int LastDueDay(OverdueState overdue) => overdue.Book.Asked.Select(i => i.DueDay).DefaultIfEmpty(0).Last();
}
