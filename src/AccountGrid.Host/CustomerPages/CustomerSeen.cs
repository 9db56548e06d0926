using AccountGrid.Domain.Rating;

namespace AccountGrid.Host.CustomerPages;

/// <summary>Which of an account's past is its customer's to see.</summary>
internal static class CustomerSeen
{
    /// <summary>First local day that is the customer's alone: the day of the change belongs to two, and is not shown. Null is all days.</summary>
    /// <param name="changed">When the account became the customer's; null is that nobody else is known.</param>
    public static DateOnly? From(DateTimeOffset? changed, LocalCalendar calendar)
    {
        if (changed is not { } at)
        {
            return null;
        }

        var ms = at.ToUnixTimeMilliseconds();
        var day = calendar.DayOf(ms);
        return DateOnly.FromDayNumber(calendar.StartOf(day) == ms ? day : day + 1);
    }

    /// <summary>Whether something that begins on a day, such as a bill, is the customer's.</summary>
    /// <param name="day">As <c>yyyy-MM-dd</c>.</param>
    public static bool IsSeen(string day, DateOnly? from) =>
        from is not { } first || string.CompareOrdinal(day, Domain.Instants.DayToText(first.DayNumber)) >= 0;
}
