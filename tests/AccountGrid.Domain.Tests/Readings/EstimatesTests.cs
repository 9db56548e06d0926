using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.Tests.Readings;

/// <summary>Values by method, worked out by hand.</summary>
public sealed class EstimatesTests
{
    [Theory]
    [InlineData(1, 1_025L)]
    [InlineData(3, 1_075L)]
    [InlineData(0, null)]
    [InlineData(4, null)]
    [InlineData(-1, null)]
    [InlineData(5, null)]
    public void Between_two_values_by_time(int hour, long? expected) =>
        Assert.Equal(expected, Estimates.Of(EstimateMethod.Interpolated, [new(0, 1_000), new(4, 1_100)], hour));

    [Fact]
    public void The_value_itself_is_not_looked_at() =>
        Assert.Equal(1_050, Estimates.Of(EstimateMethod.Interpolated, [new(0, 1_000), new(2, 5_000), new(4, 1_100)], 2));

    [Fact]
    public void A_register_that_fell_tells_nothing() => Assert.Null(Estimates.Of(EstimateMethod.Interpolated, [new(0, 1_000), new(4, 900)], 2));

    [Theory]
    [InlineData(1, 100L)]
    [InlineData(2, 150L)]
    [InlineData(4, 250L)]
    [InlineData(5, 250L)]
    [InlineData(0, null)]
    public void The_mean_of_the_same_hours_of_the_weeks_before(int weeks, long? expected)
    {
        // Week n before used n * 100 Wh in the hour, and nothing else.
        var points = new List<Point>();
        var wh = 0L;
        for (var week = weeks; week >= 1; week--)
        {
            points.Add(new Point(-week * 7 * Instants.MsPerDay, wh));
            wh += week * 100;
            points.Add(new Point((-week * 7 * Instants.MsPerDay) + Instants.MsPerHour, wh));
        }

        points.Add(new Point(0, wh));
        Assert.Equal(expected, Estimates.Of(EstimateMethod.SameWeekdays, points, Instants.MsPerHour) - wh);
    }

    /// <summary>
    /// Days of 100 Wh, and of 300 Wh on each seventh, for 70 days up to the last value: what is used for so many days behind it, with a part of the last. The
    /// mean hour of 28 of these days is 5 Wh, by the whole Wh of each.
    /// </summary>
    [Theory]
    [InlineData(EstimateMethod.SameWeekdays, 24, 100L)]
    [InlineData(EstimateMethod.SameWeekdays, 12, 50L)]
    [InlineData(EstimateMethod.SameWeekdays, 6 * 24, 600L)]
    [InlineData(EstimateMethod.SameWeekdays, 7 * 24, 900L)]
    [InlineData(EstimateMethod.SameWeekdays, 60 * 24, 7_600L)]
    [InlineData(EstimateMethod.LoadShape, 24, 124L)]
    [InlineData(EstimateMethod.LoadShape, 1, 5L)]
    [InlineData(EstimateMethod.LastYear, 24, null)]
    public void What_a_silent_meter_uses(EstimateMethod method, int hours, long? expected)
    {
        var (points, wh) = (new List<Point>(), 0L);
        for (var day = -70; day <= 0; day++)
        {
            points.Add(new Point(day * Instants.MsPerDay, wh));
            wh += (day + 70) % 7 == 6 ? 300 : 100;
        }

        var last = points[^1].ValueWh;
        Assert.Equal(expected, Estimates.Of(method, points, hours * Instants.MsPerHour) - last);
    }

    /// <summary>52 weeks before, these days were 500, 600 and 700 Wh; without one of them nothing is told.</summary>
    [Theory]
    [InlineData(24, 500L)]
    [InlineData(36, 800L)]
    [InlineData(72, 1_800L)]
    [InlineData(73, null)]
    public void The_same_days_of_the_year_before(int hours, long? expected)
    {
        var begin = -Estimates.YearDays * Instants.MsPerDay;
        Point[] points = [new(begin, 0), new(begin + Instants.MsPerDay, 500), new(begin + (2 * Instants.MsPerDay), 1_100),
            new(begin + (3 * Instants.MsPerDay), 1_800), new(0, 1_000)];
        Assert.Equal(expected, Estimates.Of(EstimateMethod.LastYear, points, hours * Instants.MsPerHour) - 1_000);
    }

    [Theory]
    [InlineData(EstimateMethod.SameWeekdays, 0, 36)]
    [InlineData(EstimateMethod.LastYear, 0, 365)]
    [InlineData(EstimateMethod.LastYear, 364, 729)]
    public void The_days_that_a_method_looks_at(EstimateMethod method, int silentDays, int days) =>
        Assert.Equal(days, Estimates.DaysBefore(method, silentDays * Instants.MsPerDay));
}
