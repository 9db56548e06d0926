using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Billing;

/// <summary>What is charged for each local day of the account on which its tariff says so: standing charges, and charges for capacity or demand.</summary>
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
        List<(ChargePeriod Period, ChargeParts Parts)> others = [];
        while (account.StandingThroughDay < lastDay && (account.Status == AccountStatus.Closed || !AccountBounds.IsReached(account)))
        {
            parts += Add(context, account, ++account.StandingThroughDay, 1, others);
            account.Recharge();
            if (account.StandingThroughDay < lastDay && account.TariffOf(account.StandingThroughDay).TwoPart is { CountsDays: true })
            {
                // What a day costs is no fixed amount: each has an entry of its own, so that every bill can be told from entries.
                context.EnterCharge(account, EntryKind.Standing, account.StandingThroughDay, 0, parts, CarriedCharges.Sum(others));
                parts = default;
            }
        }

        while (account.StandingThroughDay > lastDay)
        {
            parts += Add(context, account, account.StandingThroughDay--, -1, others);
        }

        account.Recharge();
        context.EnterCharge(account, EntryKind.Standing, lastDay, 0, parts, CarriedCharges.Sum(others));
        CarriedCharges.Enter(context, account, others);
        if (account.Status == AccountStatus.Closed)
        {
            CarriedCharges.Settle(context, account);
        }
    }

    private static ChargeParts Add(FoldContext context, AccountState account, int day, int days, List<(ChargePeriod Period, ChargeParts Parts)> others)
    {
        var tariff = account.TariffOf(day);
        if (!tariff.ChargesDays)
        {
            return default;
        }

        var period = account.PeriodOf(day, tariff);
        var standing = tariff.StandingPerDay == Money.Zero ? 0 : days;
        var twoPart = tariff.TwoPart is { CountsDays: true }
            ? TwoPartSums.AddDays(period.Closed.TwoPart, days, days * account.ContractedOn(day, tariff)) : period.Closed.TwoPart;
        (period.Live.StandingDays, period.Live.TwoPart, period.Stale) = (period.Live.StandingDays + standing, twoPart, true);
        var taken = account.BookClosed(
            period, period.Closed with { StandingDays = period.Closed.StandingDays + standing, TwoPart = twoPart }, others);
        BillPeriods.Add(context, account, day, Energy.Zero, taken, isCorrection: days < 0);
        return taken;
    }

    /// <summary>
    /// Charges the days that are taken by the contracted capacity of now, where it changed from a day on: a correction for each period.
    /// </summary>
    /// <param name="reason">What the correction names.</param>
    internal static void Recount(FoldContext context, AccountState account, int fromDay, string reason)
    {
        foreach (var period in account.Periods.Where(p => account.TariffByNumber(p.Tariff).PeriodEndOf(p.StartDay) > fromDay).ToList())
        {
            var twoPart = account.Recounted(period);
            if (Equals(twoPart, period.Closed.TwoPart))
            {
                continue;
            }

            (period.Live.TwoPart, period.Stale) = (twoPart, true);
            List<(ChargePeriod Period, ChargeParts Parts)> others = [];
            var parts = account.BookClosed(period, period.Closed with { TwoPart = twoPart }, others);
            var day = Math.Max(fromDay, period.StartDay);
            context.EnterCharge(account, EntryKind.Correction, day, 0, parts, CarriedCharges.Sum(others), reason);
            CarriedCharges.Enter(context, account, others);
            BillPeriods.Add(context, account, day, Energy.Zero, parts, isCorrection: true);
        }

        account.Recharge();
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
            if (account.TariffOf(day, nowMs).ChargesDays)
            {
                return account.Calendar.StartOf(day) + CheckTimes.Spread(account.Number);
            }
        }

        return account.FollowsFrom(next, nowMs)
            ? account.Calendar.StartOf(account.Calendar.DayOf(nowMs) + 1) + CheckTimes.Spread(account.Number)
            : long.MaxValue;
    }
}
