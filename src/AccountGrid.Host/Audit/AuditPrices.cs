using System.Globalization;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Host.Audit;

/// <summary>
/// The audit's own reading of a price series, from the rows of its publications: the price of an interval through a publication, or the average that stands in
/// for it. Slow and plain on purpose.
/// </summary>
internal sealed class AuditPrices(PriceSeriesDefinition definition)
{
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(definition.Zone);
    private readonly List<(int Publication, DateOnly Day, int Interval, decimal Price)> _rows = [];
    private readonly Dictionary<(DateOnly Day, int Through), (Dictionary<int, decimal> Known, decimal Average, int Number)> _days = [];

    /// <summary>Adds a row of a publication; publications come in the order of their numbers.</summary>
    public void Add(int publication, DateOnly day, int interval, decimal price) => _rows.Add((publication, day, interval, price));

    /// <summary>Price per kWh of an interval, or the average in its place.</summary>
    public decimal Price(DateOnly day, int interval, int through) =>
        DayOf(day, through) is var known && known.Known.TryGetValue(interval, out var price) ? price : known.Average;

    /// <summary>The latest publication that any price of a day comes from, averages included.</summary>
    public int NumberOf(DateOnly day, int through) => DayOf(day, through).Number;

    private (Dictionary<int, decimal> Known, decimal Average, int Number) DayOf(DateOnly day, int through)
    {
        if (!_days.TryGetValue((day, through), out var known))
        {
            _days[(day, through)] = known = Resolve(day, through);
        }

        return known;
    }

    private (Dictionary<int, decimal> Known, decimal Average, int Number) Resolve(DateOnly day, int through)
    {
        var own = Known(day, day, through);
        var prices = own.ToDictionary(k => k.Key.Interval, k => k.Value.Price);
        var number = own.Values.Select(v => v.Publication).DefaultIfEmpty(0).Max();
        if (prices.Count == IntervalsOf(day))
        {
            return (prices, 0, number);
        }

        var first = new DateOnly(day.Year, day.Month, 1);
        for (var back = 0; back <= 12; back++)
        {
            var from = first.AddMonths(-back);
            if (Known(from, back == 0 ? day : from.AddMonths(1).AddDays(-1), through) is { Count: > 0 } month)
            {
                var average = Math.Round(month.Values.Sum(v => v.Price) / month.Count, 6, MidpointRounding.ToEven);
                return (prices, average, Math.Max(number, month.Values.Max(v => v.Publication)));
            }
        }

        return (prices, decimal.Parse(definition.FallbackPerKwh, CultureInfo.InvariantCulture), number);
    }

    /// <summary>The last price of each interval of some days up to a publication.</summary>
    private Dictionary<(DateOnly Day, int Interval), (int Publication, decimal Price)> Known(DateOnly from, DateOnly to, int through) =>
        _rows.Where(r => r.Day >= from && r.Day <= to && r.Publication <= through).GroupBy(r => (r.Day, r.Interval))
            .ToDictionary(g => g.Key, g => (g.Last().Publication, g.Last().Price));

    /// <summary>Intervals that begin on a local day.</summary>
    private int IntervalsOf(DateOnly day)
    {
        DateTimeOffset Midnight(DateOnly of)
        {
            // The first instant of the day: clocks that go forward at midnight skip it.
            var utc = new DateTimeOffset(of.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).AddHours(-15);
            while (DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(utc, _zone).DateTime) < of)
            {
                utc = utc.AddMinutes(15);
            }

            return utc;
        }

        return (int)Math.Ceiling((Midnight(day.AddDays(1)) - Midnight(day)).TotalMinutes / definition.ResolutionMinutes);
    }
}
