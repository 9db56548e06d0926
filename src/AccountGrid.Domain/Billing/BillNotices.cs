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

    /// <summary>A final bill that asks for nothing: the credit that is paid out, if there is any.</summary>
    internal static NoticeFacts FinalFactsOf(FoldContext context, in Moment at) => NoticeWriter.FactsOf(context, at) with
    {
        Amount = FinalCredit.Of(at) is var credit && credit > Money.Zero ? credit.ToString() : null,
    };

    /// <summary>Whether nothing is asked of a closed account.</summary>
    internal static bool IsSettled(in Moment at) =>
        at.Account.Status == AccountStatus.Closed && Asking.Bill(at.Customer.Overdue.Book, at.Policy.Digits) == Money.Zero;

    /// <summary>Due day of the newest unpaid bill; 0 where all are paid.</summary>
    internal static int LastDueDay(OverdueState overdue) => overdue.Book.Asked.Select(i => i.DueDay).DefaultIfEmpty(0).Last();
}
