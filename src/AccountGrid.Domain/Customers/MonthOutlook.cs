namespace AccountGrid.Domain.Customers;

/// <summary>What an account has used of a calendar month, and what it will have used by its end.</summary>
/// <param name="KnownDays">Days of the month that are closed.</param>
/// <param name="Known">What they used.</param>
/// <param name="Forecast">What the whole month will have used; null where too little is known.</param>
public readonly record struct MonthOutlook(int KnownDays, Energy Known, Energy? Forecast)
{
    /// <summary>Days back from the last known one, itself included, that a forecast looks at: four weeks, so that each weekday counts alike.</summary>
    public const int WindowDays = 28;

    /// <summary>With fewer known days in the window there is no forecast.</summary>
    public const int DaysMin = 7;

    /// <summary>Known days of a weekday from which on it has a mean of its own.</summary>
    public const int WeekdayMin = 2;

    /// <summary>
    /// The month's known days, and for each day that is not known, past or to come, the mean of its weekday in the last four weeks; where a weekday was known
    /// fewer than twice there, the mean of all days. Fractions of a watt-hour are rounded once, at the end, half away from zero.
    /// </summary>
    /// <param name="days">Closed days of one account, each once, in any order; others than of these weeks and this month are not looked at.</param>
    public static MonthOutlook Of(IReadOnlyList<DayUse> days, MonthNumber month)
    {
        var first = month.FirstDay.DayNumber;
        var end = DateOnly.FromDayNumber(first).AddMonths(1).DayNumber;
        var known = days.Where(d => d.Day >= first && d.Day < end).ToDictionary(d => d.Day, d => d.Energy.Wh);
        var sum = new Energy(known.Values.Sum());
        var past = days.Where(d => d.Day < end).ToList();
        var last = past.Count == 0 ? 0 : past.Max(d => d.Day);
        var window = past.Where(d => d.Day > last - WindowDays).ToList();
        if (known.Count == end - first)
        {
            return new(known.Count, sum, sum);
        }

        if (window.Count < DaysMin)
        {
            return new(known.Count, sum, null);
        }

        var mean = window.Average(d => (decimal)d.Energy.Wh);
        var weekdays = window.GroupBy(d => d.Day % 7).Where(g => g.Count() >= WeekdayMin).ToDictionary(g => g.Key, g => g.Average(d => (decimal)d.Energy.Wh));
        var missing = Enumerable.Range(first, end - first).Where(d => !known.ContainsKey(d)).Sum(d => weekdays.GetValueOrDefault(d % 7, mean));
        return new(known.Count, sum, new Energy(sum.Wh + (long)decimal.Round(missing, MidpointRounding.AwayFromZero)));
    }
}
