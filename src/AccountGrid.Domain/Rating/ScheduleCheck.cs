namespace AccountGrid.Domain.Rating;

/// <summary>
/// Whether the rules of a schedule fit together. The first that fits an instant decides, so a rule for some days or a season may come before a general one.
/// Refused are two rules under the same days and season whose hours overlap, and a rule that an earlier one covers wholly: it would never hold.
/// </summary>
internal static class ScheduleCheck
{
    private const int QuarterMinutes = 15;

    /// <param name="schedule">Rules that each are right by themselves.</param>
    public static Refusal? Check(IReadOnlyList<RateRule> schedule)
    {
        var all = schedule.Select(r => new Extent(r)).ToArray();
        for (var later = 1; later < all.Length; later++)
        {
            for (var earlier = 0; earlier < later; earlier++)
            {
                if (Wrong(all[earlier], all[later]) is { } wrong)
                {
                    return TariffCompiler.Wrong($"schedule[{later}]", Shown(schedule[later]), $"{wrong} schedule[{earlier}], {Shown(schedule[earlier])}");
                }
            }
        }

        return null;
    }

    private static string? Wrong(Extent earlier, Extent later) =>
        (earlier.Quarters & later.Quarters) != 0 && earlier.Days == later.Days && earlier.Dates.SetEquals(later.Dates) ? "outside the hours of"
        : (later.Quarters & ~earlier.Quarters) == 0 && (later.Days & ~earlier.Days) == 0 && later.Dates.IsSubsetOf(earlier.Dates) ? "ever in force behind"
        : null;

    private static string Shown(RateRule rule) => $"{rule.Rate} {rule.From} to {rule.To}";

    /// <summary>When a rule holds: a bit a quarter hour, the bits of its kinds of days, and the days of a leap year as MMdd.</summary>
    private sealed class Extent
    {
        private readonly Lazy<HashSet<int>> _dates;

        public Extent(RateRule rule)
        {
            var (from, to) = (TariffCompiler.MinuteOf(rule.From)!.Value, TariffCompiler.MinuteOf(rule.To)!.Value);
            for (var minute = 0; minute < TariffCompiler.MinutesOfDay; minute += QuarterMinutes)
            {
                if (from < to ? minute >= from && minute < to : minute >= from || minute < to)
                {
                    Quarters |= UInt128.One << (minute / QuarterMinutes);
                }
            }

            Days = DayKinds.MaskOf(rule.Days);
            _dates = new Lazy<HashSet<int>>(() => DatesOf(rule));
        }

        public UInt128 Quarters { get; }

        public int Days { get; }

        public HashSet<int> Dates => _dates.Value;

        private static HashSet<int> DatesOf(RateRule rule)
        {
            var (from, to) = (rule.SeasonFrom is null ? 101 : TariffCompiler.MonthDay(rule.SeasonFrom)!.Value,
                rule.SeasonTo is null ? 1231 : TariffCompiler.MonthDay(rule.SeasonTo)!.Value);
            var first = new DateOnly(2000, 1, 1);
            return [
                .. Enumerable.Range(0, 366).Select(first.AddDays).Select(d => (d.Month * 100) + d.Day)
                    .Where(d => from <= to ? d >= from && d <= to : d >= from || d <= to)];
        }
    }
}
