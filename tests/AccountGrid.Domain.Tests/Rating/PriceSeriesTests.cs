using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>What an interval of a series costs through a publication, and which price is used where one is missing.</summary>
public sealed class PriceSeriesTests
{
    private readonly PriceSeries _series = new PriceBook().Add(DynamicGrid.SeriesOf(60));

    [Theory]
    [InlineData("2026-03-28", 60, 24)]
    [InlineData("2026-03-29", 60, 23)]
    [InlineData("2026-10-25", 60, 25)]
    [InlineData("2026-03-28", 15, 96)]
    [InlineData("2026-03-29", 15, 92)]
    [InlineData("2026-10-25", 15, 100)]
    public void A_day_has_as_many_intervals_as_it_has_hours(string day, int resolution, int count) =>
        Assert.Equal(count, new PriceBook().Add(DynamicGrid.SeriesOf(resolution)).CountOf(Given.Day(day)));

    [Theory]
    [InlineData("2026-03-29T00:00+01:00", 0)]
    [InlineData("2026-03-29T01:00+01:00", 1)]
    [InlineData("2026-03-29T03:00+02:00", 2)]
    [InlineData("2026-10-25T02:00+02:00", 2)]
    [InlineData("2026-10-25T02:00+01:00", 3)]
    [InlineData("2026-10-25T23:00+01:00", 24)]
    [InlineData("2026-10-25T02:30+01:00", null)]
    public void An_interval_is_known_by_its_start(string start, int? index)
    {
        Assert.Equal(index, _series.At(Given.At(start))?.Index);
        if (index is { } at)
        {
            Assert.Equal(Given.At(start), _series.StartOf(Given.Day(start[..10]), at));
        }
    }

    /// <summary>The latest publication up to the number counts, and later ones change nothing of what was.</summary>
    [Fact]
    public void Through_a_publication_the_price_is_the_latest_up_to_it()
    {
        _series.Add(1, DynamicGrid.Of("2026-06-10", 0, 100, 200));
        _series.Add(2, DynamicGrid.Of("2026-06-10", 1, 300));
        _series.Add(3, DynamicGrid.Of("2026-06-10", 0, 400));
        Assert.Equal([(100L, 200L), (100L, 300L), (400L, 300L)], new[] { 1, 2, 3 }.Select(n => (At(n, 0), At(n, 1))));
        Assert.Equal([(Given.Day("2026-06-10"), Given.At("2026-06-10T01:00+02:00"))], _series.ChangedDays(1, 2, Given.Day("2026-06-10")));
        Assert.Equal([], _series.ChangedDays(3, 3, Given.Day("2026-06-10")));

        long At(int through, int index) => _series.DayOf(Given.Day("2026-06-10"), through).Micro[index];
    }

    /// <summary>
    /// The month to the end of the interval's own day, each interval weighing the same and half going to even; without a price there the latest month before it
    /// that has any, whole; without any in twelve months, the series' own. A price of a later day of the month changes nothing.
    /// </summary>
    [Theory]
    [InlineData("2026-06-10", 7, "2026-06-09:0:100,2026-06-10:3:201", 150)]
    [InlineData("2026-06-10", 7, "2026-06-09:0:101,2026-06-10:3:202", 152)]
    [InlineData("2026-06-10", 7, "2026-06-09:0:-101,2026-06-10:3:-200", -150)]
    [InlineData("2026-06-10", 7, "2026-06-10:3:100,2026-06-11:0:900", 100)]
    [InlineData("2026-06-10", 7, "2026-06-11:0:900,2026-05-31:23:400,2026-05-01:0:200", 300)]
    [InlineData("2026-06-01", 0, "2026-06-01:1:100,2026-05-31:0:900", 100)]
    [InlineData("2026-06-10", 7, "2026-03-01:0:40", 40)]
    [InlineData("2026-06-10", 7, "2025-06-30:0:40", 40)]
    [InlineData("2026-06-10", 7, "2025-05-31:0:40", 500_000)]
    [InlineData("2026-06-10", 7, "", 500_000)]
    public void A_missing_price_is_the_average_of_its_month_so_far(string day, int index, string known, long expected)
    {
        var prices = known.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(k => k.Split(':'))
            .Select(k => new PublishedPrice(Given.Day(k[0]), int.Parse(k[1]), long.Parse(k[2]))).ToList();
        foreach (var order in new[] { prices, Enumerable.Reverse(prices).ToList() })
        {
            // One publication for each price, and one for all: what is known is a set.
            var (single, whole) = (new PriceBook().Add(DynamicGrid.SeriesOf(60)), new PriceBook().Add(DynamicGrid.SeriesOf(60)));
            whole.Add(1, order);
            for (var i = 0; i < order.Count; i++)
            {
                single.Add(i + 1, [order[i]]);
            }

            var (a, b) = (single.DayOf(Given.Day(day), 9), whole.DayOf(Given.Day(day), 9));
            Assert.Equal((expected, expected), (a.Micro[index], b.Micro[index]));
            Assert.Equal((0, 0), (a.Publications[index], b.Publications[index]));
        }
    }

    [Theory]
    [InlineData("kWh", "0.123456", 123_456L)]
    [InlineData("kWh", "-0.5", -500_000L)]
    [InlineData("kWh", "10000000", 10_000_000_000_000L)]
    [InlineData("kWh", "10000000.1", null)]
    [InlineData("kWh", "0.1234567", null)]
    [InlineData("kWh", "1e3", null)]
    [InlineData("MWh", "-500", -500_000L)]
    [InlineData("MWh", "283.89", 283_890L)]
    [InlineData("MWh", "0.001", 1L)]
    [InlineData("MWh", "0.0001", null)]
    [InlineData("MWh", "1000000000", 1_000_000_000_000L)]
    [InlineData("MWh", "1000000000.1", null)]
    public void A_price_is_per_kWh_or_per_MWh(string per, string text, long? micro)
    {
        var series = DynamicGrid.SeriesOf(60) with { Per = per };
        Assert.Equal(micro, PriceSeriesCheck.MicroOf(series, text));
        if (micro is { } known)
        {
            Assert.Equal(known, PriceSeriesCheck.MicroOf(series, PriceSeriesCheck.TextOf(series, known)));
        }
    }

    [Theory]
    [InlineData("id", "a b")]
    [InlineData("currency", "eur")]
    [InlineData("zone", "Europe/berlin")]
    [InlineData("resolutionMinutes", "30")]
    [InlineData("per", "Wh")]
    [InlineData("fallbackPerKwh", "dear")]
    public void A_series_that_is_wrong_is_refused_with_the_field(string field, string value)
    {
        var good = DynamicGrid.SeriesOf(60);
        Assert.Null(PriceSeriesCheck.Check(good));
        var refusal = PriceSeriesCheck.Check(field switch
        {
            "id" => good with { Id = value },
            "currency" => good with { Currency = value },
            "zone" => good with { Zone = value },
            "resolutionMinutes" => good with { ResolutionMinutes = 30 },
            "per" => good with { Per = value },
            _ => good with { FallbackPerKwh = value },
        });
        Assert.StartsWith($"{field}: '{value}' is not ", refusal?.Detail, StringComparison.Ordinal);
    }
}
