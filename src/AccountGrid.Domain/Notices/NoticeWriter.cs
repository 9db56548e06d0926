using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Notices;

/// <summary>Gives messages to customers: their names, their quiet hours, and the facts that every message has.</summary>
internal static class NoticeWriter
{
    /// <summary>Gives a message with a name of its own: account, kind and number.</summary>
    internal static string Give(FoldContext context, in Moment at, NoticeKind kind, NoticeFacts facts, bool holdsInQuietHours = true)
    {
        var account = at.Account;
        var id = at.Customer.NextNoticeId(account.Number, kind);
        var notBefore = holdsInQuietHours ? at.Policy.AfterQuietHours(account.Calendar, context.NowMs) : context.NowMs;
        context.Emit(at, new NoticeGiven(id, kind, at.Policy.Stamp));
        context.Effects.Notices.Add(
            new NoticeEffect(id, account.Number, context.Position, context.NowMs, kind, notBefore, holdsInQuietHours ? QuietOf(account, at.Policy) : null,
                facts));
        return id;
    }

    internal static QuietTime? QuietOf(AccountState account, Policy? policy) =>
        policy is null || Faults.Sabotage.IgnoreQuietHours ? null : new QuietTime(policy.QuietHours, account.CurrentTariff.Definition.Zone);

    internal static NoticeFacts FactsOf(FoldContext context, in Moment at) => FactsOf(context, at.Account, at.Policy);

    internal static NoticeFacts FactsOf(FoldContext context, AccountState account, Policy? policy) => new()
    {
        Balance = account.Balance.ToString(),
        Currency = account.CurrentTariff.Definition.Currency,
        AtMs = context.NowMs,
        MeterCount = account.Meters.Count(m => m.UntilMs == long.MaxValue),
        Policy = policy?.Stamp,
    };
}
