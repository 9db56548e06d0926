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
}
