using System.Collections.Concurrent;

namespace AccountGrid.Domain.Rating;

/// <summary>
/// The prices of a series by publication. Publications never change and are numbered in the order in which they count, so that what an interval costs through
/// a number is one thing for ever: the latest publication up to it that has the interval. An interval without a price has the average of what is known of its
/// month up to the end of its own day; without any, that of the latest month before it that has a price, 12 months back at most; without any, the series'
/// fallback. (Issue 19: monthly average where a price is missing. The average ends with the day so that days to come, published one by one, change no day that
/// is charged.) Read by folds while publications are added.
/// </summary>
public sealed class PriceSeries
{
    /// <summary>Calendar months before an interval's own in which an average is looked for.</summary>
    public const int MonthsBack = 12;

    /// <summary>Days through publications that are kept: what is asked for again and again are the days of a few weeks.</summary>
    private const int CachedMax = 4_000;

    private readonly Lock _change = new();
    private readonly LocalCalendar _calendar;
    private readonly long _fallback;
    private readonly Action<int> _read;
    private readonly ConcurrentDictionary<(int Day, int Through), SeriesDay> _resolved = new();

    /// <summary>By day, its prices in the order of their publications.</summary>
    private readonly Dictionary<int, List<(int Publication, PublishedPrice Price)>> _days = [];

    /// <summary>First day of each publication, by number.</summary>
    private readonly SortedList<int, int> _firstDays = [];

    /// <param name="definition">One that <see cref="PriceSeriesCheck"/> accepted.</param>
    /// <param name="read">Makes sure that all publications up to a number are there.</param>
    public PriceSeries(PriceSeriesDefinition definition, Action<int> read)
    {
        (Definition, _read) = (definition, read);
        _calendar = LocalCalendar.Find(definition.Zone)!;
        _fallback = TariffCompiler.RateOf(definition.FallbackPerKwh)!.Value.MicroPerKwh;
    }

    public PriceSeriesDefinition Definition { get; }

    public LocalCalendar Calendar => _calendar;

    private long IntervalMs => Definition.ResolutionMinutes * 60_000L;

    /// <summary>Intervals of a local day: 23 to 25 hours of them where clocks change.</summary>
    public int CountOf(int day) => (int)((_calendar.StartOf(day + 1) - _calendar.StartOf(day) + IntervalMs - 1) / IntervalMs);

    /// <summary>First instant of an interval, UTC ms.</summary>
    public long StartOf(int day, int index) => _calendar.StartOf(day) + (index * IntervalMs);

    /// <summary>The interval that begins at an instant; null where none does.</summary>
    public (int Day, int Index)? At(long ms)
    {
        var day = _calendar.DayOf(ms);
        var (index, rest) = Math.DivRem(ms - _calendar.StartOf(day), IntervalMs);
        return rest == 0 ? (day, (int)index) : null;
    }

    /// <summary>Adds the prices of a publication. Numbers rise; a number that was added already changes nothing.</summary>
    public void Add(int publication, IReadOnlyList<PublishedPrice> prices)
    {
        lock (_change)
        {
            if (prices.Count == 0 || _firstDays.ContainsKey(publication))
            {
                return;
            }

            foreach (var price in prices)
            {
                (_days.TryGetValue(price.Day, out var day) ? day : _days[price.Day] = []).Add((publication, price));
            }

            _firstDays.Add(publication, prices.Min(p => p.Day));
        }
    }

    /// <summary>The last publication of the series that is known here; 0 is none.</summary>
    public int LatestKnown()
    {
        lock (_change)
        {
            return _firstDays.Count == 0 ? 0 : _firstDays.Keys[^1];
        }
    }

    /// <summary>The prices of a local day through a publication.</summary>
    public SeriesDay DayOf(int day, int through)
    {
        if (_resolved.TryGetValue((day, through), out var known))
        {
            return known;
        }

        _read(through);
        if (_resolved.Count >= CachedMax)
        {
            _resolved.Clear();
        }

        lock (_change)
        {
            return _resolved[(day, through)] = Resolve(day, through);
        }
    }

    /// <summary>
    /// Local days up to one whose prices through a publication are others than through an earlier one, averages in the place of missing ones included, each
    /// with the start of its first interval that is, UTC ms; rising.
    /// </summary>
    public IReadOnlyList<(int Day, long FromMs)> ChangedDays(int before, int through, int lastDay)
    {
        _read(through);
        int first;
        lock (_change)
        {
            first = _firstDays.Where(p => p.Key > before && p.Key <= through).Select(p => p.Value).DefaultIfEmpty(int.MaxValue).Min();
        }

        var changed = new List<(int Day, long FromMs)>();
        for (var day = first; day <= lastDay; day++)
        {
            var (old, now) = (DayOf(day, before), DayOf(day, through));
            if (old.Number != now.Number)
            {
                var index = Enumerable.Range(0, now.Micro.Count)
                    .First(i => i == now.Micro.Count - 1 || old.Micro[i] != now.Micro[i] || old.Publications[i] != now.Publications[i]);
                changed.Add((day, StartOf(day, index)));
            }
        }

        return changed;
    }

    private SeriesDay Resolve(int day, int through)
    {
        var known = KnownOf(day, through);
        var (average, number) = known.All(k => k.Publication != 0) ? (0, 0) : AverageFor(day, through);
        return new(
            [.. known.Select(k => k.Publication == 0 ? average : k.Micro)], [.. known.Select(k => k.Publication)],
            Math.Max(number, known.Max(k => k.Publication)));
    }

    private (int Publication, long Micro)[] KnownOf(int day, int through)
    {
        var known = new (int Publication, long Micro)[CountOf(day)];
        foreach (var (publication, price) in _days.GetValueOrDefault(day) ?? [])
        {
            if (publication <= through && publication >= known[price.Index].Publication)
            {
                known[price.Index] = (publication, price.Micro);
            }
        }

        return known;
    }

    private (long Micro, int Number) AverageFor(int day, int through)
    {
        var date = DateOnly.FromDayNumber(day);
        var month = new DateOnly(date.Year, date.Month, 1);
        for (var back = 0; back <= MonthsBack; back++)
        {
            var first = month.AddMonths(-back);
            var last = back == 0 ? day : first.AddMonths(1).DayNumber - 1;
            if (AverageOf(first.DayNumber, last, through) is { } average)
            {
                return average;
            }
        }

        return (_fallback, 0);
    }

    /// <summary>Mean of the prices known of some days, each interval weighing the same, half to even at the last decimal; null where none is.</summary>
    private (long Micro, int Number)? AverageOf(int firstDay, int lastDay, int through)
    {
        var (sum, count, number) = ((Int128)0, 0, 0);
        for (var day = firstDay; day <= lastDay; day++)
        {
            foreach (var (publication, micro) in _days.ContainsKey(day) ? KnownOf(day, through) : [])
            {
                (sum, count, number) = publication == 0 ? (sum, count, number) : (sum + micro, count + 1, Math.Max(number, publication));
            }
        }

        return count == 0 ? null : (Rounding.HalfToEven(sum, count), number);
    }
}
