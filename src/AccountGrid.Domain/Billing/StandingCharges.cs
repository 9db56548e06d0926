using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Billing;

/// <summary>Standing charges: one for each local day of the account on which its tariff has any.</summary>
internal static class StandingCharges
{
    internal static void Take(FoldContext context, AccountState account, long atMs)
    {
        var today = account.Calendar.DayOf(atMs);
        if (account.Status != AccountStatus.Closed && account.StandingThroughDay < today)
        {
            TakeThrough(context, account, today);
        }
    }

    /// <summary>
    /// Takes standing charges through a local day, of an open account while no bound is reached: what is left is taken later, or gives those of later days
    /// back: an account's closing can be recorded late.
    /// </summary>
    internal static void TakeThrough(FoldContext context, AccountState account, int lastDay)
    {
        var parts = default(ChargeParts);
        while (account.StandingThroughDay < lastDay && (account.Status == AccountStatus.Closed || !AccountBounds.IsReached(account)))
        {
            parts += Add(account, ++account.StandingThroughDay, 1);
            account.Recharge();
        }

        while (account.StandingThroughDay > lastDay)
        {
            parts += Add(account, account.StandingThroughDay--, -1);
        }

        account.Recharge();
        context.EnterCharge(account, EntryKind.Standing, lastDay, 0, parts);
    }

    private static ChargeParts Add(AccountState account, int day, int days)
    {
        var tariff = account.TariffOf(day);
        if (tariff.StandingPerDay == Money.Zero)
        {
            return default;
        }

        var period = account.PeriodOf(day, tariff);
        period.Live.StandingDays += days;
        period.Stale = true;
        var taken = account.BookClosed(period, period.Closed with { StandingDays = period.Closed.StandingDays + days });
        BillPeriods.Add(account, day, Energy.Zero, taken, isCorrection: days < 0);
        return taken;
    }

    /// <summary>Brings the account's next check forward to when its next standing charge falls due.</summary>
    internal static void Schedule(FoldContext context, AccountState account)
    {
        var due = NextMs(account, context.NowMs);
        context.State.Schedule(account, due);
    }

    /// <summary>
    /// When the next standing charge falls due, by the first tariff from the day after the last one taken on that has any; never where none has. An account
    /// that follows a product without any is looked at each day, at the time at which its days close: a version that is not announced yet can bring one.
    /// </summary>
    internal static long NextMs(AccountState account, long nowMs)
    {
        if (account.Status == AccountStatus.Closed)
        {
            return long.MaxValue;
        }

        var next = account.StandingThroughDay + 1;
        for (var day = next; day < int.MaxValue; day = account.TariffEndOf(day, nowMs))
        {
            if (account.TariffOf(day, nowMs).StandingPerDay != Money.Zero)
            {
                return account.Calendar.StartOf(day) + CheckTimes.Spread(account.Number);
            }
        }

        return account.FollowsFrom(next, nowMs)
            ? account.Calendar.StartOf(account.Calendar.DayOf(nowMs) + 1) + CheckTimes.Spread(account.Number)
            : long.MaxValue;
    }
}
