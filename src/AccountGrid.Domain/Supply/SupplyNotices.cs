using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Notices;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Supply;

/// <summary>What the messages about supply say.</summary>
internal static class SupplyNotices
{
    /// <param name="cutMs">Earliest instant of the cut.</param>
    internal static NoticeFacts LastNoticeFacts(FoldContext context, in Moment at, CutCause cause, long cutMs)
    {
        var (calendar, minute) = (at.Account.Calendar, at.Account.Calendar.MinuteOf(cutMs));
        return NoticeWriter.FactsOf(context, at) with
        {
            Amount = AskedFor(at, cause).ToString(),
            CutAfter = $"{Instants.DayToText(calendar.DayOf(cutMs))} {minute / 60:00}:{minute % 60:00}"
        };
    }

    internal static NoticeFacts SupplyCutFacts(FoldContext context, in Moment at) =>
        NoticeWriter.FactsOf(context, at) with { Amount = AskedFor(at, at.Customer.Supply.Cause).ToString() };

    /// <summary>What ends a cut, or calls one off: enough, whatever a debt agreement takes of payments.</summary>
    private static Money AskedFor(in Moment at, CutCause cause) =>
        cause == CutCause.Arrears
            ? Asking.Arrears(at.Customer.Overdue.Book, at.Policy.Allocation, at.Policy.Digits)
            : Asking.Prepaid(at.Account.Balance, at.Policy.Digits);
}
