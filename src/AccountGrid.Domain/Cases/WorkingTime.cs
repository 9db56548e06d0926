using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Domain.Cases;

/// <summary>
/// Time in which people work: the working hours of working days, by a pack's calendar and the clock of a zone. Instants are UTC ms, days are local day numbers.
/// </summary>
public sealed class WorkingTime(BusinessCalendar business, Hours hours, LocalCalendar calendar)
{
    private const long MsPerMinute = 60_000;

    /// <summary>The working time of a pack in a zone. A pack that names no working hours has whole working days.</summary>
    public static WorkingTime Of(Policy policy, LocalCalendar calendar) => new(policy.Business, policy.WorkingHours, calendar);

    /// <summary>End of the working hours of a day, whether or not it is a working day.</summary>
    public long EndOf(int day) => calendar.At(day, hours.ToMinute);

    /// <summary>End of the working hours of the working day that lies so many behind the day of an instant; 0 is that day, or the next working day.</summary>
    public long EndAfter(long fromMs, int workingDays) => EndOf(business.AddBusinessDays(calendar.DayOf(fromMs), workingDays));

    /// <summary>The instant at which so many minutes of working time have gone by. Time outside of working hours does not count.</summary>
    /// <param name="minutes">0 and more. 0 is the instant itself, or the next begin of working hours.</param>
    public long Add(long fromMs, int minutes)
    {
        var left = minutes * MsPerMinute;
        for (var day = business.AddBusinessDays(calendar.DayOf(fromMs), 0); ; day = business.AddBusinessDays(day + 1, 0))
        {
            var (begin, end) = (Math.Max(fromMs, calendar.At(day, hours.FromMinute)), EndOf(day));
            if (begin < end && left <= end - begin)
            {
                return begin + left;
            }

            left -= Math.Max(0, end - begin);
        }
    }
}
