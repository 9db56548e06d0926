using AccountGrid.Domain.Rating;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Rating;

/// <summary>What is to be said of a tariff's holiday lists: when it is registered, and by <c>doctor</c> for as long as it is so.</summary>
internal static class HolidayWarnings
{
    /// <summary>A holiday list is published weeks before its year.</summary>
    public const int WarnDays = 60;

    public static IReadOnlyList<Warning> Of(TariffDefinition tariff, DateOnly today)
    {
        var warnings = new List<Warning>();
        if (CalendarCoverage.IsNeeded(tariff) && tariff.Calendar.Until is null && CalendarCoverage.LastDayOf(tariff.Calendar) is { } assumed)
        {
            warnings.Add(new Warning(
                WarningCodes.TariffNoCalendarUntil,
                $"calendar.until: it was not given: the lists are taken to cover {assumed:yyyy-MM-dd}, the end of the year of their last day."));
        }

        if (EndOf(tariff, today) is { } ends)
        {
            warnings.Add(new Warning(WarningCodes.TariffHolidaysEnd, ends));
        }

        return warnings;
    }

    /// <summary>How the lists end, where prices depend on them and that is less than <see cref="WarnDays"/> away; else null.</summary>
    public static string? EndOf(TariffDefinition tariff, DateOnly today)
    {
        if (!CalendarCoverage.IsNeeded(tariff))
        {
            return null;
        }

        var until = CalendarCoverage.LastDayOf(tariff.Calendar);
        var left = (until?.DayNumber ?? 0) - today.DayNumber;
        var how = until is null ? "is empty" : left < 0 ? $"ended on {until:yyyy-MM-dd}" : $"ends on {until:yyyy-MM-dd}, in {left} days";
        return left < WarnDays
            ? $"Tariff {tariff.Id}, version {tariff.Version}: its prices depend on the kind of day, and its list of holidays {how}. A holiday that is not "
                + "listed is charged by its weekday. Register a version that lists further ones."
            : null;
    }
}
