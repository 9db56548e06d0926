using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Domain.LowBalance;

/// <summary>
/// What a day of an account uses and costs, learnt from its closed days: a mean that follows the season, and how business days and days off
/// differ from it. Costs are without tiers, standing charges and tax, which depend on more than the day; <see cref="Supply"/> adds them.
/// </summary>
public struct Forecast
{
    /// <summary>Weight of a new day in the mean, percent, once enough are known; before that all days weigh the same.</summary>
    public const int LevelPercent = 12;

    /// <summary>Weight of a new day in its day type's factor, percent.</summary>
    public const int FactorPercent = 2;

    /// <summary>A factor of one, in thousandths.</summary>
    private const int One = 1_000;

    public long MeanWh;
    public long MeanNano;

    /// <summary>Use of a day of each type against the mean, thousandths.</summary>
    public int BusinessFactor;
    public int OffFactor;

    /// <summary>Days learnt; counted to 255.</summary>
    public byte Days;

    /// <summary>Latest local day learnt.</summary>
    public int LastDay;

    public readonly bool IsKnown => Days > 0;

    /// <summary>Takes a closed day in.</summary>
    public void Learn(bool isBusinessDay, long wh, long nano)
    {
        if (Days == 0)
        {
            (MeanWh, MeanNano, BusinessFactor, OffFactor, Days) = (wh, nano, One, One, 1);
            return;
        }

        var factor = isBusinessDay ? BusinessFactor : OffFactor;
        if (MeanWh > 0)
        {
            // Bounded: one day's use says little about a type of day.
            var seen = (int)Math.Clamp(wh * One / MeanWh, One / 3, 3 * One);
            var moved = factor + ((seen - factor) * FactorPercent / 100);
            (BusinessFactor, OffFactor) = isBusinessDay ? (moved, OffFactor) : (BusinessFactor, moved);
        }

        // The mean learns from the day as it would have been without its type.
        var weight = Math.Max(LevelPercent, 100 / (Days + 1));
        MeanWh += ((wh * One / factor) - MeanWh) * weight / 100;
        MeanNano += (long)(((Int128)nano * One / factor) - MeanNano) * weight / 100;
        Days = (byte)Math.Min(byte.MaxValue, Days + 1);
    }

    /// <summary>Energy of a day of a type, Wh, and what it costs at its rates, nano.</summary>
    public readonly (long Wh, long Nano) Of(bool isBusinessDay)
    {
        var factor = isBusinessDay ? BusinessFactor : OffFactor;
        return (MeanWh * factor / One, (long)((Int128)MeanNano * factor / One));
    }
}

/// <summary>How long a balance lasts, and what days to come will cost: the forecast rated by the account's own tariff, tiers and standing charge included.</summary>
public static class Supply
{
    /// <summary>Days beyond which nobody asks how long a balance lasts.</summary>
    public const int DaysMax = 90;

    /// <summary>Longest silence of meters that a forecast fills in, days.</summary>
    private const int SilenceMaxDays = 30;

    /// <summary>Cost of the next so many days from an instant, for each number of days from 0 up to one; and of what was used since the last reading, in all of them.</summary>
    public static Money[] CostOfDays(AccountState account, Forecast forecast, BusinessCalendar business, long atMs, int days)
    {
        var today = account.Calendar.DayOf(atMs);
        var tariff = account.TariffOf(today);
        var sums = account.Periods.Count > 0 && account.Periods[^1].Tariff == tariff.Number && tariff.PeriodStartOf(today) == account.Periods[^1].StartDay ? account.Periods[^1].Live : default;
        var costs = new Money[days + 1];
        costs[0] = Unseen(account, forecast, business, atMs, today);
        for (var i = 1; i <= days; i++)
        {
            var day = today + i;
            var next = account.TariffOf(day);
            if (next != tariff || next.PeriodStartOf(day) == day)
            {
                (tariff, sums) = (next, default);
            }

            var before = ChargePeriod.ChargeOf(sums, tariff, account.Household, Energy.Zero).Total;
            var (wh, nano) = forecast.Of(business.IsBusinessDay(day));
            sums = new Sums(sums.Energy + new Energy(wh), sums.Base + new Money(nano), sums.StandingDays + 1);
            costs[i] = costs[i - 1] + ChargePeriod.ChargeOf(sums, tariff, account.Household, Energy.Zero).Total - before;
        }

        return costs;
    }

    /// <summary>Days that the balance lasts, in tenths, at most <see cref="DaysMax"/>; null where nothing is known of the account's days, or nothing is used.</summary>
    public static int? TenthsOfDaysLeft(AccountState account, Forecast forecast, BusinessCalendar business, long atMs)
    {
        if (!forecast.IsKnown)
        {
            return null;
        }

        var costs = CostOfDays(account, forecast, business, atMs, DaysMax);
        var balance = account.Balance;
        if (costs[^1] <= Money.Zero)
        {
            return null;
        }

        if (balance <= costs[0])
        {
            return 0;
        }

        for (var i = 1; i <= DaysMax; i++)
        {
            if (balance < costs[i])
            {
                var part = (Int128)10 * (balance - costs[i - 1]).Nano / Math.Max(1, (costs[i] - costs[i - 1]).Nano);
                return ((i - 1) * 10) + (int)part;
            }
        }

        return DaysMax * 10;
    }

    /// <summary>What was used since the last reading and is not charged yet: a silent meter does not make a balance last.</summary>
    private static Money Unseen(AccountState account, Forecast forecast, BusinessCalendar business, long atMs, int today)
    {
        var last = account.Meters.Where(m => m.UntilMs == long.MaxValue).Select(m => m.Last.TimeMs).DefaultIfEmpty(atMs).Min();
        var silence = Math.Clamp(atMs - last, 0, SilenceMaxDays * Instants.MsPerDay);
        return new Money((long)((Int128)forecast.Of(business.IsBusinessDay(today)).Nano * silence / Instants.MsPerDay));
    }
}
