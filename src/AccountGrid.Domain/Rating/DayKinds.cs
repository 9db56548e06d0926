namespace AccountGrid.Domain.Rating;

/// <summary>
/// Kinds of days that a rule may name: <c>workday</c>, <c>weekend</c>, <c>holiday</c>, and the weekdays <c>mon</c> to <c>sun</c>. A holiday is only a holiday,
/// whatever weekday it is. A workday that was moved to a weekend (调休) is a workday, and the weekday that it is. A kind is a set of bits, so that rules can be
/// compared: one bit a weekday as a workday, one a weekday off work, and one for holidays.
/// </summary>
internal static class DayKinds
{
    private const int DaysOfWeek = 7;

    private const int Holiday = 1 << (2 * DaysOfWeek);

    private const int Workday = (1 << DaysOfWeek) - 1;

    private const int Weekend = (1 << (DaysOfWeek + 5)) | (1 << (DaysOfWeek + 6));

    private static readonly string[] Weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    /// <summary>What is right for a name, for people.</summary>
    public const string Right = "workday, weekend, holiday, or mon, tue, wed, thu, fri, sat or sun";

    public static bool IsName(string name) => MaskOf(name) != 0;

    /// <summary>Days that a rule is for; none named is all.</summary>
    public static int MaskOf(IReadOnlyList<string> names) =>
        names.Count == 0 ? Workday | Weekend | Holiday : names.Aggregate(0, (mask, name) => mask | MaskOf(name));

    /// <summary>The one kind of a local day.</summary>
    /// <param name="moved">Weekend days that are worked.</param>
    public static int Of(int day, HashSet<int> holidays, HashSet<int> moved)
    {
        if (holidays.Contains(day))
        {
            return Holiday;
        }

        // Monday is the first, as in the list of names.
        var weekday = ((int)DateOnly.FromDayNumber(day).DayOfWeek + DaysOfWeek - 1) % DaysOfWeek;
        var off = (1 << (DaysOfWeek + weekday)) & Weekend;
        return off != 0 && !moved.Contains(day) ? off : 1 << weekday;
    }

    private static int MaskOf(string name) => name switch
    {
        "workday" => Workday,
        "weekend" => Weekend,
        "holiday" => Holiday,
        _ => Array.IndexOf(Weekdays, name) is >= 0 and var weekday ? (1 << weekday) | ((1 << (DaysOfWeek + weekday)) & Weekend) : 0,
    };
}
