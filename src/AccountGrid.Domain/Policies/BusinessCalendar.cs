namespace AccountGrid.Domain.Policies;

/// <summary>Business days by a holiday list. A holiday is none even on a weekday; a moved workday is one even at a weekend.</summary>
public sealed class BusinessCalendar(CalendarPolicy definition)
{
    private readonly HashSet<int> _holidays = [.. definition.Holidays.Select(d => d.DayNumber)];
    private readonly HashSet<int> _moved = [.. definition.MovedWorkdays.Select(d => d.DayNumber)];

    public bool IsBusinessDay(int day) => _moved.Contains(day) || (!_holidays.Contains(day) && !IsWeekend(day));

    public bool IsHoliday(int day) => _holidays.Contains(day);

    public bool IsWeekendOff(int day) => IsWeekend(day) && !_moved.Contains(day);

    /// <summary>Whether the lists reach this far: beyond them a holiday is not known to be one.</summary>
    public bool Covers(int day) => day >= definition.From.DayNumber && day <= definition.Until.DayNumber;

    /// <summary>The day that lies so many business days after a day; 0 is the day itself or, if it is none, the next that is.</summary>
    public int AddBusinessDays(int day, int count)
    {
        while (!IsBusinessDay(day))
        {
            day++;
        }

        for (; count > 0; count--)
        {
            do
            {
                day++;
            }
            while (!IsBusinessDay(day));
        }

        return day;
    }

    /// <summary>Business days behind a day up to another, which counts if it is one; 0 where the other is not later.</summary>
    public int BusinessDaysBetween(int day, int other)
    {
        var count = 0;
        for (var d = day + 1; d <= other; d++)
        {
            count += IsBusinessDay(d) ? 1 : 0;
        }

        return count;
    }

    private static bool IsWeekend(int day) => DateOnly.FromDayNumber(day).DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
}
