using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Notices;

/// <summary>Messages about a change of price. An account under no policy pack gets them, too, without quiet hours and proof.</summary>
internal static class PriceNotices
{
    internal static void Give(FoldContext context, AccountState account, PriceNotified e)
    {
        var policy = context.PolicyOf(account, context.NowMs);
        var kind = e.IsWithdrawal ? NoticeKind.PriceWithdrawn : NoticeKind.PriceChange;
        var (now, old) = (context.Tariffs(e.Tariff), context.TariffOrNull(e.Replaced));
        var facts = NoticeWriter.FactsOf(context, account, policy) with
        {
            FirstDay = Instants.DayToText(now.FromDay),
            Product = now.Definition.Id,
            Prices = old is null ? null : PriceLines.Of(old.Definition, now.Definition),
            Past = e.Past,
        };
        context.Effects.Notices.Add(new NoticeEffect(
            IdOf(account.Number, kind, e.Tariff), account.Number, context.Position, context.NowMs, kind,
            policy?.AfterQuietHours(account.Calendar, context.NowMs) ?? context.NowMs, NoticeWriter.QuietOf(account, policy), facts));
    }

    /// <summary>A version has one message of each kind for an account.</summary>
    internal static string IdOf(int account, NoticeKind kind, int tariff) => $"{account}:{kind.Code()}:{tariff}";
}
