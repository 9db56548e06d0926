using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Notices;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Overdue;

/// <summary>Letters about arrears.</summary>
internal static class Letters
{
    internal static string Give(FoldContext context, in Moment at, NoticeKind kind) => NoticeWriter.Give(context, at, kind, FactsOf(context, at, kind));

    internal static NoticeFacts FactsOf(FoldContext context, in Moment at, NoticeKind kind)
    {
        var (overdue, today) = (at.Customer.Overdue, at.Today);
        var due = overdue.OldestDueDay(at.Policy) ?? today;
        var fees = overdue.Fees.RoundedUpTo(at.Policy.Digits);
        var cutDay = at.Policy.Business.AddBusinessDays(today + at.Policy.Definition.Cut.StopNoticeDaysMin, 0);
        return NoticeWriter.FactsOf(context, at) with
        {
            Amount = AmountOf(at).ToString(),
            DueDay = Instants.DayToText(due),
            OverdueDays = Math.Max(0, today - due),
            LateFees = fees > Money.Zero ? fees.ToString() : null,
            CutAfter = kind == NoticeKind.StopNotice ? Instants.DayToText(cutDay) : null,
        };
    }

    /// <summary>What a letter asks for: what is due today, or, before anything is, what will be due first.</summary>
    internal static Money AmountOf(in Moment at) =>
        Asking.Due(at.Customer.Overdue.Book, at.Policy.Allocation, at.Policy.Digits,
            Math.Max(at.Today, at.Customer.Overdue.OldestDueDay(at.Policy) ?? at.Today));
}
