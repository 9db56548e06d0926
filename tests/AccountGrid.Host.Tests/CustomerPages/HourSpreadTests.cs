using AccountGrid.Host.Metering;

namespace AccountGrid.Host.Tests.CustomerPages;

/// <summary>A day's energy by hours: four hours of 100 ms here.</summary>
public sealed class HourSpreadTests
{
    private static readonly long[] Borders = [0, 100, 200, 300, 400];

    [Theory]
    [InlineData("0:0 400:400", 400, "100 100 100 100", "evenly between two readings")]
    [InlineData("0:0 100:10 200:30 300:60 400:100", 100, "10 20 30 40", "readings on the hour")]
    [InlineData("0:0 150:150 400:400", 400, "100 100 100 100", "a reading between hours")]
    [InlineData("0:0 400:10", 10, "2 3 2 3", "each border is rounded once")]
    [InlineData("-100:0 500:600", 400, "100 100 100 100", "readings around the day")]
    [InlineData("200:50 400:250", 300, "50 50 100 100", "before the first reading what is left is shared")]
    [InlineData("", 400, "100 100 100 100", "no readings")]
    [InlineData("0:0 100:10 200:30 300:60 400:100", 50, "5 10 15 20", "half of it is held")]
    [InlineData("0:0 400:400", 0, "0 0 0 0", "all of it is held")]
    [InlineData("0:100 200:0 400:200", 200, "0 0 100 100", "a register does not run backwards")]
    [InlineData("0:5 400:5", 8, "2 2 2 2", "an allowance without readings between")]
    public void Hours_follow_the_register_and_sum_to_the_day(string points, long total, string hours, string why)
    {
        var read = points.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split(':'))
            .Select(p => (long.Parse(p[0]), long.Parse(p[1]))).ToList();
        var spread = HourSpread.Of(read, Borders, total);
        Assert.True(hours == string.Join(' ', spread), $"{why}: {string.Join(' ', spread)}");
        Assert.Equal(total, spread.Sum());
    }
}
