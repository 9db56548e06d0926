using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.LowBalance;

/// <summary>
/// Energy of days to come: the mean of the last four weeks, moved a little towards what each weekday used, and by what was used of late. How far the running
/// day and the three before it lie from their mean counts by two fifths, and by five percent less for each day further ahead. In thousandths, with whole
/// numbers, so that every machine comes to the same. The numbers were chosen on half of the Swiss customers and on the Australian ones: RESULTS.md, "Days of
/// supply left".
/// </summary>
internal sealed class UseForecast
{
    private const int One = 1_000;

    /// <summary>Share of what a weekday differs by that is kept, before it is weighed by how often it was seen.</summary>
    private const int WeekdayShare = 200;

    /// <summary>Share of what recent days differ by that is kept.</summary>
    private const int RecentShare = 400;

    /// <summary>What is left of it for each further day.</summary>
    private const int RecentDecay = 950;

    /// <summary>Weight of the second and third day back; the last day and the running one weigh one.</summary>
    private const int OlderWeight = 200;
    private const int OlderDays = 2;
    private const int RecentMin = 100;
    private const int RecentMax = 10 * One;

    /// <summary>A day to come is taken for at least this share of the mean: who was away comes back.</summary>
    private const int DayMin = 300;

    /// <summary>
    /// Share of what a day differs from its mean by, on average, that is added to the mean. Days left are a balance divided by use, so use that is taken too
    /// low makes a larger mistake than use that is taken as much too high; the more so, the less regular an account is. Also on the safe side for whoever is
    /// warned by it.
    /// </summary>
    private const int UnsteadyShare = 400;

    /// <summary>With fewer whole days known than this, what the running periods had in all fills in.</summary>
    private const int DaysEnough = 7;

    private readonly KnownUse _known;
    private readonly BusinessCalendar? _business;
    private readonly long _meanWh;
    private readonly long[] _weekdays = new long[7];
    private readonly long _recent;
    private readonly long _margin;

    private UseForecast(KnownUse known, BusinessCalendar? business, long meanWh, List<(int Day, long Wh)> days)
    {
        (_known, _business, _meanWh) = (known, business, meanWh);
        LearnWeekdays(days);
        _recent = RecentOf(days);
        _margin = MarginOf(days);
    }

    /// <summary>Null where nothing is known of the account's use.</summary>
    public static UseForecast? Of(AccountState account, KnownUse known, BusinessCalendar? business)
    {
        var days = new List<(int Day, long Wh)>();
        for (var day = known.Today - 1; day >= known.Today - UseHistory.Days; day--)
        {
            if (known.WholeDay(day) is { } wh)
            {
                days.Add((day, wh));
            }
        }

        var sum = days.Sum(d => d.Wh);
        var mean = days.Count > 0 ? sum / days.Count : 0;
        if (days.Count < DaysEnough)
        {
            if (PeriodMean(account, known) is { } ofPeriods)
            {
                mean = (sum + (ofPeriods * (DaysEnough - days.Count))) / DaysEnough;
            }
            else if (days.Count == 0)
            {
                return null;
            }
        }

        return new UseForecast(known, business, mean, days);
    }

    /// <summary>Energy of a day from the running one on, Wh.</summary>
    public long WhOf(int day)
    {
        var ahead = day - _known.Today;
        var share = (long)RecentShare * One;
        for (var i = 0; i < ahead && share > 0; i++)
        {
            share = share * RecentDecay / One;
        }

        var factor = Math.Max(DayMin, One + (share * (_recent - One) / One / One));
        return (long)((Int128)_meanWh * _weekdays[WeekdayOf(day)] * factor * _margin / One / One / One);
    }

    private void LearnWeekdays(List<(int Day, long Wh)> days)
    {
        Span<long> wh = stackalloc long[7];
        Span<int> count = stackalloc int[7];
        foreach (var (day, energy) in days)
        {
            wh[WeekdayOf(day)] += energy;
            count[WeekdayOf(day)]++;
        }

        var mean = days.Count > 0 ? days.Sum(d => d.Wh) / days.Count : 0;
        for (var k = 0; k < 7; k++)
        {
            _weekdays[k] = count[k] == 0 || mean == 0 ? One : One + ((((wh[k] / count[k]) - mean) * WeekdayShare / mean) * count[k] / (count[k] + 1));
        }
    }

    /// <summary>The running day so far and up to three days before it against what they were expected to use, thousandths.</summary>
    private long RecentOf(List<(int Day, long Wh)> days)
    {
        var part = _known.PartOfToday();
        var seen = (Int128)_known.TodayWh * One;
        var expected = (Int128)_meanWh * _weekdays[WeekdayOf(_known.Today)] * part / KnownUse.Whole;
        foreach (var (day, wh) in days)
        {
            var back = _known.Today - day;
            if (back <= 1 + OlderDays)
            {
                var weight = back == 1 ? One : OlderWeight;
                seen += (Int128)wh * weight;
                expected += (Int128)_meanWh * _weekdays[WeekdayOf(day)] * weight / One;
            }
        }

        return expected <= 0 ? One : (long)Int128.Clamp(seen * One / expected, RecentMin, RecentMax);
    }

    private long MarginOf(List<(int Day, long Wh)> days)
    {
        if (days.Count == 0 || _meanWh == 0)
        {
            return One;
        }

        var off = days.Sum(d => Math.Abs(d.Wh - (_meanWh * _weekdays[WeekdayOf(d.Day)] / One))) / days.Count;
        return One + Math.Min(UnsteadyShare, off * UnsteadyShare / _meanWh);
    }

    /// <summary>A day off in the week is like a Sunday, a working day at a weekend like a Monday. 0 is Sunday.</summary>
    private int WeekdayOf(int day)
    {
        var weekday = (int)DateOnly.FromDayNumber(day).DayOfWeek;
        var isWeekend = weekday is 0 or 6;
        return _business is null || _business.IsBusinessDay(day) != isWeekend ? weekday : isWeekend ? 1 : 0;
    }

    /// <summary>Mean energy of a day since the last two periods began; null in an account's first hour.</summary>
    private static long? PeriodMean(AccountState account, KnownUse known)
    {
        var periods = account.Periods.TakeLast(2).ToList();
        if (periods.Count == 0)
        {
            return null;
        }

        var ms = known.ChargedMs - Math.Max(account.Calendar.StartOf(periods[0].StartDay), known.SinceMs);
        return ms < Instants.MsPerHour ? null : (long)((Int128)Math.Max(0, periods.Sum(p => p.Live.Energy.Wh)) * Instants.MsPerDay / ms);
    }
}
