namespace AccountGrid.Domain.Policies;

/// <summary>Business days: Monday to Friday but for holidays, and moved workdays (调休).</summary>
/// <param name="From">First day that the lists below cover.</param>
/// <param name="Until">Last day that they cover; beyond it only weekdays are known and no cut is made.</param>
/// <param name="WorkingHours">Hours in which people work on business days; absent: the whole day.</param>
public sealed record CalendarPolicy(DateOnly From, DateOnly Until, IReadOnlyList<DateOnly> Holidays, IReadOnlyList<DateOnly> MovedWorkdays,
    HoursPolicy? WorkingHours = null);
