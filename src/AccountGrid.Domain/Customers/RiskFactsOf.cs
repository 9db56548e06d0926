namespace AccountGrid.Domain.Customers;

/// <summary>
/// Derives <see cref="RiskFacts"/> from a history. Each fact changes little with the day of one payment: lateness counts by the day, arrears by their mean over
/// 30 days. So a payment that comes a day earlier or later moves the score by two points at most.
/// </summary>
public static class RiskFactsOf
{
    /// <summary>Calendar months that are looked at.</summary>
    public const int Months = 12;

    /// <summary>Days late from which a bill, promise or instalment counts as not paid on time at all.</summary>
    public const int LateDaysMax = 15;

    /// <summary>Days late beyond which the mean does not grow.</summary>
    public const int MeanDaysMax = 30;

    /// <summary>Mean monthly bills beyond which arrears count no worse.</summary>
    public const int ArrearsMax = 3;

    /// <summary>Days over which arrears are averaged.</summary>
    public const int ArrearsDays = 30;

    /// <summary>Days late up to which a bill of last year is no old arrears yet.</summary>
    public const int OldArrearsGraceDays = 30;

    private const int DaysOfYear = 365;
    private const int UnpaidMonths = 3;
    private const int TrendMonths = 3;

    /// <summary>The facts of the day. Total: a history without any event is one without anything late.</summary>
    public static RiskFacts Of(PaymentHistory history)
    {
        var last = MonthNumber.Of(history.Today - 1);
        var first = last.Plus(1 - Months);
        var lateness = LatenessOf(history, first, last);
        return new(
            lateness.Average(m => m is null ? 1m : m.Average(OnTime)),
            lateness.Average(m => m is null ? 0m : (decimal)m.Average(d => Math.Min(d, MeanDaysMax))),
            WorstArrearsOf(history, first),
            KeptShareOf(history, first),
            history.ReturnDays.Count(d => d < history.Today && MonthNumber.Of(d).CompareTo(first) >= 0),
            Math.Max(0, (history.Today - history.SinceDay) / DaysOfYear),
            UseFallOf(history.Use, MonthNumber.Of(history.Today)),
            KnockOutsOf(history));
    }

    private static decimal OnTime(int daysLate) => 1m - ((decimal)Math.Min(daysLate, LateDaysMax) / LateDaysMax);

    /// <summary>Days late of each bill and days with a negative balance of each prepaid account, by month; null where there is neither.</summary>
    private static List<List<int>?> LatenessOf(PaymentHistory history, MonthNumber first, MonthNumber last)
    {
        var months = Enumerable.Repeat<List<int>?>(null, Months).ToList();
        foreach (var bill in history.Bills.Where(b => b.DueDay < history.Today))
        {
            Add(MonthNumber.Of(bill.DueDay), bill.DaysLate(history.Today));
        }

        foreach (var prepaid in history.PrepaidMonths)
        {
            Add(prepaid.Month, prepaid.NegativeDays);
        }

        return months;

        void Add(MonthNumber month, int days)
        {
            if (month.CompareTo(first) >= 0 && month.CompareTo(last) <= 0)
            {
                (months[month.Value - first.Value] ??= []).Add(days);
            }
        }
    }

    private static decimal KeptShareOf(PaymentHistory history, MonthNumber first)
    {
        var due = history.Promises.Concat(history.Instalments).Where(p => p.DueDay < history.Today && MonthNumber.Of(p.DueDay).CompareTo(first) >= 0).ToList();
        return due.Count == 0 ? 1m : due.Average(p => OnTime(p.DaysLate(history.Today)));
    }

    private static decimal WorstArrearsOf(PaymentHistory history, MonthNumber first)
    {
        var billed = history.Bills.Where(b => b.DueDay < history.Today && MonthNumber.Of(b.DueDay).CompareTo(first) >= 0).ToList();
        var mean = billed.Count == 0 ? 0m : billed.Sum(b => (decimal)b.Amount.Nano) / billed.Select(b => MonthNumber.Of(b.DueDay)).Distinct().Count();
        var start = history.Today - DaysOfYear;
        var changes = new decimal[DaysOfYear];
        foreach (var bill in history.Bills)
        {
            // From the day after the due day on; what was paid earlier takes off the same day.
            Change(bill.DueDay + 1, bill.Amount.Nano);
            foreach (var part in bill.Paid)
            {
                Change(Math.Max(part.Day, bill.DueDay + 1), -part.Amount.Nano);
            }
        }

        var days = new decimal[DaysOfYear];
        var (owed, window, worst) = (0m, 0m, 0m);
        for (var i = 0; i < DaysOfYear; i++)
        {
            owed += changes[i];
            days[i] = owed <= 0 ? 0 : mean <= 0 ? ArrearsMax : Math.Min(ArrearsMax, owed / mean);
            window += days[i] - (i >= ArrearsDays ? days[i - ArrearsDays] : 0);
            worst = Math.Max(worst, window);
        }

        return worst / ArrearsDays;

        void Change(int day, long nano)
        {
            if (day < history.Today)
            {
                changes[Math.Max(0, day - start)] += nano;
            }
        }
    }

    /// <summary>How much less the last three whole months used than the same months a year before, 0 to 1; null where that is not known.</summary>
    public static decimal? UseFallOf(IReadOnlyList<MonthUse> use, MonthNumber running)
    {
        var (now, before) = (Sum(0), Sum(Months));
        return now is not { } recent || before is not > 0 ? null : Math.Max(0m, 1m - (recent / before.Value));

        decimal? Sum(int monthsBack)
        {
            var (from, until) = (running.Plus(-TrendMonths - monthsBack), running.Plus(-monthsBack));
            var months = use.Where(u => u.Month.CompareTo(from) >= 0 && u.Month.CompareTo(until) < 0).ToList();
            return months.DistinctBy(u => u.Month).Count() < TrendMonths || months.Any(u => u.IsVacant) ? null : months.Sum(u => (decimal)u.Energy.Wh);
        }
    }

    private static List<KnockOut> KnockOutsOf(PaymentHistory history)
    {
        var today = history.Today;
        var newYear = new DateOnly(DateOnly.FromDayNumber(today).Year, 1, 1).DayNumber;
        var unpaid = history.Bills.Where(b => b.DueDay < today && b.PaidDay(today) is null).ToList();
        var found = history.Breaches.Where(b => b.Counts(today)).Select(b => b.Kind).ToHashSet();
        if (unpaid.Any(b => b.DueDay < newYear && today - b.DueDay > OldArrearsGraceDays && !b.InAgreement))
        {
            found.Add(KnockOut.OldArrears);
        }

        if (unpaid.Where(b => b.DueDay >= newYear && !b.InAgreement).Select(b => MonthNumber.Of(b.DueDay)).Distinct().Count() >= UnpaidMonths)
        {
            found.Add(KnockOut.ThreeMonthsUnpaid);
        }

        return [.. found.Order()];
    }
}
