using AccountGrid.Domain.Customers;

namespace AccountGrid.Domain.Tests.Customers;

/// <summary>Forecasts of a month from an account's own days, worked out by hand.</summary>
public sealed class MonthOutlookTests
{
    /// <summary>April 2026 has thirty days, of which the first is a Wednesday.</summary>
    private static readonly MonthNumber April = MonthNumber.Of(Day("2026-04-01"));

    [Theory]
    [InlineData("nothing is known", "2026-04-01", 0, 0, 0, 0, null)]
    [InlineData("six days are too few", "2026-04-06", 6, 1_000, 6, 6_000, null)]
    [InlineData("seven days are enough", "2026-04-07", 7, 1_000, 7, 7_000, 30_000L)]
    [InlineData("the month has not begun", "2026-03-31", 28, 1_000, 0, 0, 30_000L)]
    [InlineData("all days are known", "2026-04-30", 30, 1_000, 30, 30_000, 30_000L)]
    [InlineData("days of last month count for the forecast alone", "2026-04-02", 28, 1_000, 2, 2_000, 30_000L)]
    [InlineData("nothing was used", "2026-04-10", 28, 0, 10, 0, 0L)]
    public void A_month_is_its_known_days_and_the_mean_of_four_weeks_for_the_others(
        string why, string last, int count, int wh, int knownDays, long known, long? forecast)
    {
        var days = Enumerable.Range(0, count).Select(i => new DayUse(Day(last) - i, new Energy(wh))).ToList();
        var outlook = MonthOutlook.Of(days, April);
        Assert.True((knownDays, known, forecast) == (outlook.KnownDays, outlook.Known.Wh, outlook.Forecast?.Wh), $"{why}: {outlook}");
    }

    [Fact]
    public void A_weekday_that_was_known_twice_has_a_mean_of_its_own()
    {
        // Two weeks to Tuesday, 14 April: Sundays 3 kWh, other days 1 kWh. Sixteen days are left, two of them Sundays.
        var days = Enumerable.Range(1, 14).Select(i => Day($"2026-04-{i:00}")).Select(d => new DayUse(d, new Energy(IsSunday(d) ? 3_000 : 1_000))).ToList();
        var outlook = MonthOutlook.Of(days, April);
        Assert.Equal((14, 18_000L, 38_000L), (outlook.KnownDays, outlook.Known.Wh, outlook.Forecast!.Value.Wh));

        // A week alone: each weekday was known once, so the mean of all, 9 of 7, stands for each of the 23 days.
        outlook = MonthOutlook.Of(days[..7], April);
        Assert.Equal(9_000 + 29_571, outlook.Forecast!.Value.Wh);
    }

    [Fact]
    public void What_is_older_than_four_weeks_and_what_is_in_other_months_does_not_count()
    {
        var days = Enumerable.Range(0, 28).Select(i => new DayUse(Day("2026-04-10") - i, new Energy(1_000))).ToList();
        var more = days.Append(new(Day("2026-04-10") - 28, new Energy(1_000_000))).Append(new(Day("2026-05-01"), new Energy(1_000_000))).ToList();
        Assert.Equal(MonthOutlook.Of(days, April), MonthOutlook.Of(more, April));

        // A day of the month that is missing is taken for its weekday's mean.
        Assert.Equal(30_000, MonthOutlook.Of([.. days.Where(d => d.Day != Day("2026-04-05"))], April).Forecast!.Value.Wh);
    }

    private static bool IsSunday(int day) => DateOnly.FromDayNumber(day).DayOfWeek == DayOfWeek.Sunday;

    private static int Day(string day) => DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture).DayNumber;
}
