using AccountGrid.Domain.Events;
using AccountGrid.Domain.Notices;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.LowBalance;

/// <summary>Messages about a balance that crossed a level.</summary>
internal static class LowBalanceNotices
{
    internal static void Warn(FoldContext context, AccountState account, Level level, Money balance)
    {
        var policy = context.PolicyOf(account, context.NowMs);
        var kind = level.Kind switch
        {
            LevelKind.Exhausted => NoticeKind.BalanceExhausted,
            LevelKind.CreditUsed => NoticeKind.CreditUsed,
            _ => NoticeKind.LowBalance,
        };
        var id = $"{account.Number}:low-balance:{account.Levels.Episode}";
        context.Emit(account, new BalanceLow(id, level.Fire, balance));
        var notBefore = policy?.AfterQuietHours(account.Calendar, context.NowMs) ?? context.NowMs;
        context.Effects.Notices.Add(
            new NoticeEffect(id, account.Number, context.Position, context.NowMs, kind, notBefore, NoticeWriter.QuietOf(account, policy),
                FactsOf(context, account, policy, level)));
    }

    internal static NoticeFacts FactsOf(FoldContext context, AccountState account, Policy? policy, Level level)
    {
        var tenths = policy is null ? null : BalanceForecast.Of(account, policy.Business, context.NowMs)?.TenthsOfDaysLeft();
        return NoticeWriter.FactsOf(context, account, policy) with
        {
            LevelAmount = level.Kind == LevelKind.Days ? null : level.Fire.ToString(),
            LevelDays = level.Kind == LevelKind.Days ? (int)level.Value : null,
            DaysLeft = tenths is { } t ? $"{t / 10}.{t % 10}" : null,
            EmergencyCredit = policy is { EmergencyCredit.Nano: > 0 } ? policy.EmergencyCredit.ToString() : null,
        };
    }
}
