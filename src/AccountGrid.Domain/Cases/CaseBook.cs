using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Cases;

/// <summary>Work for people: a case is opened for an account, and the account remembers the latest.</summary>
internal static class CaseBook
{
    /// <param name="noticeId">The notice or complaint that it is opened for: a contact of this case proves nothing about another.</param>
    /// <param name="dueDay">Until when it is to be done; null is the pack's time for cases.</param>
    /// <param name="amount">What it is about; null is what is unpaid.</param>
    internal static void Open(FoldContext context, in Moment at, CaseKind kind, string? noticeId = null, int? dueDay = null, Money? amount = null)
    {
        var (overdue, cases) = (at.Customer.Overdue, at.Customer.Cases);
        if (cases.Count >= CustomerDecisions.OpenCasesMax)
        {
            cases.RemoveAt(0);
        }

        cases.Add(new WorkCase(kind, overdue.Episode + 1, noticeId));
        var due = dueDay ?? at.Policy.Business.AddBusinessDays(at.Today, at.Policy.Definition.Ladder.CaseBusinessDays);
        context.Effects.Cases.Add(new CaseEffect(
            $"{at.Account.Number}:{kind.Code()}:{++overdue.Episode}", at.Account.Number, kind, context.Position, context.NowMs, due,
            WorkingTime.Of(at.Policy, at.Account.Calendar).EndOf(due), at.Account.Calendar.Zone.Id, amount ?? overdue.Unpaid,
            at.Policy.Stamp));
    }
}
