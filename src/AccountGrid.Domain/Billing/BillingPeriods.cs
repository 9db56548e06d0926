using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Billing;

/// <summary>
/// Billing periods, as a function of dated facts. They follow each other without a gap from the first day that is billed on; a fact holds from the first day of
/// a period on.
/// </summary>
public static class BillingPeriods
{
    /// <summary>Last local day of the period that begins on a day; the account's closing is not in it.</summary>
    /// <param name="cycles">Facts by first day, rising.</param>
    /// <param name="instalments">Instalment days of the version of a pack that holds on a local day, rising.</param>
    public static int EndOf(int from, IReadOnlyList<BillingCycle> cycles, Func<int, int, IReadOnlyList<int>> instalments)
    {
        var (cycle, until) = (BillingCycle.Monthly, int.MaxValue);
        foreach (var next in cycles)
        {
            if (next.FromDay > from)
            {
                until = next.FromDay - 1;
                break;
            }

            cycle = next;
        }

        return Math.Min(until, cycle.Family == 0
            ? EndOf(from, cycle.Day, cycle.Months)
            : FirstFrom(from, instalments(cycle.Family, from)));
    }

    /// <summary>
    /// First local day of the period that a day is in, where one begins the day after <paramref name="billedThrough"/>; a day that is billed belongs to that
    /// one.
    /// </summary>
    public static int StartOf(int day, int billedThrough, IReadOnlyList<BillingCycle> cycles, Func<int, int, IReadOnlyList<int>> instalments)
    {
        // A fact begins a period, so that what lies before the last one need not be counted through.
        var start = billedThrough + 1;
        foreach (var cycle in cycles)
        {
            start = cycle.FromDay <= day ? Math.Max(start, cycle.FromDay) : start;
        }

        for (var end = EndOf(start, cycles, instalments); end < day; end = EndOf(start, cycles, instalments))
        {
            start = end + 1;
        }

        return start;
    }

    /// <summary>First day of what runs on a local day where some days of each month end it.</summary>
    public static int RunningFrom(int day, IReadOnlyList<int> ends)
    {
        var start = day;
        while (!ends.Any(end => DayIn(DateOnly.FromDayNumber(start - 1), end) == start - 1))
        {
            start--;
        }

        return start;
    }

    /// <summary>
    /// What names a bill: the month in which its period begins where it reaches that month's end, which one period of an account does at most; else, and for
    /// every instalment, its first day.
    /// </summary>
    public static string NameOf(int account, int from, int to, bool isInstalment)
    {
        var date = DateOnly.FromDayNumber(from);
        return !isInstalment && to >= DayIn(date, BillingCycle.DayMax) ? $"{account}-{date:yyyyMM}" : $"{account}-{date:yyyyMMdd}";
    }

    /// <summary>
    /// The first billing day from a day on. A period that begins behind a billing day has all its months; one that begins elsewhere, after a change, is the
    /// part of a month up to the next billing day.
    /// </summary>
    private static int EndOf(int from, int billingDay, int months)
    {
        var end = FirstFrom(from, [billingDay]);
        return months > 1 && from - 1 == DayIn(DateOnly.FromDayNumber(from - 1), billingDay)
            ? DayIn(DateOnly.FromDayNumber(end).AddMonths(months - 1), billingDay)
            : end;
    }

    /// <summary>The first of some days of a month, rising, from a local day on.</summary>
    public static int FirstFrom(int from, IReadOnlyList<int> days)
    {
        var date = DateOnly.FromDayNumber(from);
        foreach (var day in days)
        {
            if (DayIn(date, day) is var end && end >= from)
            {
                return end;
            }
        }

        return DayIn(date.AddMonths(1), days[0]);
    }

    /// <summary>A day of a date's month, as a day number; of a shorter month its last.</summary>
    private static int DayIn(DateOnly date, int day) =>
        new DateOnly(date.Year, date.Month, Math.Min(day, DateTime.DaysInMonth(date.Year, date.Month))).DayNumber;
}
