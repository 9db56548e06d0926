namespace AccountGrid.Domain.Rating;

/// <summary>How far the holiday lists of a tariff reach.</summary>
public static class CalendarCoverage
{
    /// <summary>
    /// Whether prices depend on the lists: a rule is for holidays, or rules name days and the tariff has a calendar. Rules for weekdays alone, without any
    /// list, are right for all time.
    /// </summary>
    public static bool IsNeeded(TariffDefinition tariff) =>
        tariff.Schedule.Any(r => r.Days.Contains("holiday"))
        || (tariff.Schedule.Any(r => r.Days.Count > 0) && (tariff.Calendar.Until is not null || LastListed(tariff.Calendar) is not null));

    /// <summary>The last day that is covered; null where nothing is listed and no last day is given.</summary>
    public static DateOnly? LastDayOf(CalendarDefinition calendar) =>
        calendar.Until ?? (LastListed(calendar) is { } last ? new DateOnly(last.Year, 12, 31) : null);

    internal static DateOnly? LastListed(CalendarDefinition calendar)
    {
        var listed = calendar.Holidays.Concat(calendar.MovedWorkdays).ToList();
        return listed.Count == 0 ? null : listed.Max();
    }
}
