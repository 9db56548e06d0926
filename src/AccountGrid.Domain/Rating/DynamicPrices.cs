using System.Collections.Concurrent;

namespace AccountGrid.Domain.Rating;

/// <summary>
/// What energy costs in each interval of a day under a tariff that follows a price series: the rate of the time, with the levy that is in it, and the series'
/// price times a factor and a surcharge, between a floor and a cap. In the plan of a day each interval is a rate of its own.
/// </summary>
internal sealed class DynamicPrices
{
    public const int FactorMax = 1_000;

    /// <summary>Days through publications that are kept.</summary>
    private const int CachedMax = 4_000;

    private readonly PriceBook? _book;
    private readonly Func<int, DayPlan> _schedule;
    private readonly Price[] _rates;
    private readonly long _factor;
    private readonly long _surcharge;
    private readonly long _floor;
    private readonly long _cap;
    private readonly int _slots;
    private readonly ConcurrentDictionary<(int Day, int Through), Price[]> _days = new();
    private readonly ConcurrentDictionary<int, DayPlan> _schedules = new();
    private PriceSeries? _series;

    /// <param name="definition">One that <see cref="PriceSeriesCheck"/> accepted.</param>
    /// <param name="rates">Prices of the tariff's rates, levy included.</param>
    /// <param name="schedule">A day's rates by its schedule.</param>
    /// <param name="book">Null where nothing is rated by the tariff.</param>
    public DynamicPrices(DynamicDefinition definition, Price[] rates, Func<int, DayPlan> schedule, PriceBook? book)
    {
        (Definition, _rates, _schedule, _book) = (definition, rates, schedule, book);
        long Micro(string text) => TariffCompiler.RateOf(text)!.Value.MicroPerKwh;
        (_factor, _surcharge, _floor, _cap) =
            (Micro(definition.Factor), Micro(definition.SurchargePerKwh), Micro(definition.FloorPerKwh), Micro(definition.CapPerKwh));
        _slots = definition.ResolutionMinutes / 15;
    }

    public DynamicDefinition Definition { get; }

    /// <summary>The largest that the part which follows the series can be, whichever sign, 10^-6 units per kWh.</summary>
    public long DearestMicro => Math.Max(Math.Abs(_floor), Math.Abs(_cap));

    public PriceSeries Series => _series ??= (_book ?? throw new InvariantBrokenException($"Prices of series '{Definition.Series}' are not there."))
        .Get(Definition.Series);

    /// <summary>A day in which each interval is a rate of its own.</summary>
    public DayPlan PlanOf(int day) => ScheduleOf(day).WithIntervals(_slots);

    /// <summary>Intervals of a day.</summary>
    public int CountOf(int day)
    {
        var plan = ScheduleOf(day);
        return ((int)((plan.EndMs - plan.StartMs) / Limits.SlotMs) + _slots - 1) / _slots;
    }

    /// <summary>The rate of the time that comes on top in an interval.</summary>
    public int RateOf(int day, int interval) => ScheduleOf(day).RateOf(interval * _slots);

    /// <summary>Prices by interval, with the rate of the time and the levy that is in it, through a publication.</summary>
    public Price[] PricesOf(int day, int through)
    {
        if (_days.TryGetValue((day, through), out var known))
        {
            return known;
        }

        if (_days.Count >= CachedMax)
        {
            _days.Clear();
        }

        var (plan, of) = (ScheduleOf(day), Series.DayOf(day, through));
        var prices = new Price[of.Micro.Count];
        for (var i = 0; i < prices.Length; i++)
        {
            prices[i] = new(FollowingMicro(of.Micro[i]) + _rates[plan.RateOf(i * _slots)].MicroPerKwh);
        }

        return _days[(day, through)] = prices;
    }

    private DayPlan ScheduleOf(int day) => _schedules.TryGetValue(day, out var plan) ? plan : _schedules.GetOrAdd(day, _schedule);

    /// <summary>The part that follows the series.</summary>
    public long FollowingMicro(long seriesMicro) =>
        Math.Clamp(checked(Rounding.HalfToEven((Int128)seriesMicro * _factor, 1_000_000) + _surcharge), _floor, _cap);
}
