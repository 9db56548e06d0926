using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Metering;

/// <summary>
/// Which closed days of a meter must be opened again before its line can change. Open points lie behind the end of the closed days, so a difference begins in
/// them only at the tail.
/// </summary>
internal static class ClosedDays
{
    /// <summary>For a difference that begins at a point: the days from the tail's on, if it begins in closed days; else null.</summary>
    internal static DaysNeeded? Behind(MeterState meter, AccountState account, long fromMs) => fromMs < meter.ClosedEndMs ? FromTail(meter, account) : null;

    /// <summary>The days from the tail's on.</summary>
    internal static DaysNeeded FromTail(MeterState meter, AccountState account) => new(meter, account.Calendar.DayOf(meter.Tail.TimeMs), AndPrevious: false);

    /// <summary>The days from one on, if any of them is closed; else null.</summary>
    internal static DaysNeeded? From(MeterState meter, int day) => meter.ClosedThroughDay >= day ? new DaysNeeded(meter, day, AndPrevious: false) : null;

    /// <summary>For a point in closed days: its day and all later ones, and the nearest earlier day that holds a point.</summary>
    internal static DaysNeeded Around(MeterState meter, int day) => new(meter, day, AndPrevious: true);
}
