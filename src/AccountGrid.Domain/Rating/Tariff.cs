using System.Collections.Concurrent;

namespace AccountGrid.Domain.Rating;

/// <summary>
/// A tariff version made ready to rate: prices by rate, tiers, and a plan for each local day, worked out once and shared by
/// all folds. Built only from a definition that <see cref="TariffCompiler"/> accepted.
/// </summary>
public sealed class Tariff
{
    private readonly Price[] _prices;
    private readonly Func<int, DayPlan> _buildPlan;
    private readonly ConcurrentDictionary<int, DayPlan> _plans = new();

    internal Tariff(int number, TariffDefinition definition, LocalCalendar calendar, Price[] prices, TierSchedule tiers, Func<int, DayPlan> buildPlan)
    {
        Number = number;
        Definition = definition;
        Calendar = calendar;
        _prices = prices;
        Tiers = tiers;
        _buildPlan = buildPlan;
        StandingPerDay = Money.TryParse(definition.StandingPerDay, out var standing) ? standing : default;
        var dearest = prices.Max(p => p.MicroPerKwh) + (tiers.Count == 0 ? 0 : Enumerable.Range(0, tiers.Count).Max(i => tiers.Adder(i).MicroPerKwh));
        DifferenceMaxWh = Limits.DifferenceMaxNano / Math.Max(1, dearest);
    }

    /// <summary>Most energy that one difference may have, Wh: at the dearest rate and tier it costs <see cref="Limits.DifferenceMaxNano"/>.</summary>
    public long DifferenceMaxWh { get; }

    /// <summary>The grid's own number of this version, as states and log records name it.</summary>
    public int Number { get; }

    public TariffDefinition Definition { get; }

    public LocalCalendar Calendar { get; }

    public TierSchedule Tiers { get; }

    public Money StandingPerDay { get; }

    public int TaxBasisPoints => Definition.TaxBasisPoints;

    public int RateCount => _prices.Length;

    /// <summary>Whether prices differ by time; where they do not, a gap's energy needs no load shape within a day.</summary>
    public bool IsTimeOfUse => _prices.Length > 1;

    /// <summary>Whether accounts may be on this version on a local day.</summary>
    public bool IsInForceOn(int day) => Definition.EffectiveFrom is not { } from || from.DayNumber <= day;

    /// <summary>
    /// The version of one tariff that is in force on a local day: of those that have begun by then the one that began last, and of two that began together
    /// the higher. Null where none has begun.
    /// </summary>
    public static Tariff? InForce(IEnumerable<Tariff> versions, int day) =>
        versions.Where(t => t.IsInForceOn(day)).MaxBy(t => (t.Definition.EffectiveFrom?.DayNumber ?? int.MinValue, t.Definition.Version));

    /// <summary>Price of a rate, levies included.</summary>
    public Price PriceOf(int rate) => _prices[rate];

    public DayPlan PlanOf(int day) => _plans.TryGetValue(day, out var plan) ? plan : _plans.GetOrAdd(day, _buildPlan);

    /// <summary>The plan of the local day that contains an instant.</summary>
    public DayPlan PlanAt(long ms)
    {
        // A zone's offset is within a day, so the UTC day's neighbour is at most one off.
        var guess = PlanOf((int)(ms / Instants.MsPerDay) + UnixEpochDay);
        return guess.Contains(ms) ? guess : PlanOf(ms < guess.StartMs ? guess.Day - 1 : guess.Day + 1);
    }

    /// <summary>First local day of the tier and tax period that a day lies in: of its month, or of its year.</summary>
    public int PeriodStartOf(int day)
    {
        var date = DateOnly.FromDayNumber(day);
        return new DateOnly(date.Year, Tiers.PerYear ? 1 : date.Month, 1).DayNumber;
    }

    /// <summary>The local day after the period's last.</summary>
    public int PeriodEndOf(int periodStart)
    {
        var date = DateOnly.FromDayNumber(periodStart);
        return (Tiers.PerYear ? date.AddYears(1) : date.AddMonths(1)).DayNumber;
    }

    private static readonly int UnixEpochDay = new DateOnly(1970, 1, 1).DayNumber;
}

/// <summary>Tier surcharges as a function of a period's energy, and of the household.</summary>
public sealed class TierSchedule
{
    private readonly long[] _aboveWh;
    private readonly Price[] _adders;
    private readonly int _householdBase;
    private readonly long _extraWhPerPerson;
    private readonly long _freeWh;
    private readonly Price _freePrice;

    internal TierSchedule(bool perYear, long[] aboveWh, Price[] adders, int householdBase, long extraWhPerPerson, long freeWh, Price freePrice)
    {
        PerYear = perYear;
        _aboveWh = aboveWh;
        _adders = adders;
        _householdBase = householdBase;
        _extraWhPerPerson = extraWhPerPerson;
        _freeWh = freeWh;
        _freePrice = freePrice;
    }

    public static TierSchedule None { get; } = new(false, [], [], 0, 0, 0, default);

    /// <summary>Counts per calendar year instead of per month.</summary>
    public bool PerYear { get; }

    public bool Any => _aboveWh.Length > 0 || _freeWh > 0;

    public int Count => _aboveWh.Length;

    /// <summary>Where step <paramref name="index"/> begins for a household, Wh of the period.</summary>
    public long AboveWh(int index, Household household) => _aboveWh[index] + ExtraWh(household);

    public Price Adder(int index) => _adders[index];

    /// <summary>
    /// Surcharge of a period in which so much energy was used; zero for no energy. Piecewise linear, so T(a+b) − T(a) is what b costs
    /// on top of a, and any split of a period sums to the same.
    /// </summary>
    public WideMoney Surcharge(Energy energy, Household household)
    {
        Int128 nano = 0;
        var wh = Math.Max(0, energy.Wh);
        var extra = ExtraWh(household);
        for (var i = 0; i < _aboveWh.Length; i++)
        {
            var from = _aboveWh[i] + extra;
            if (wh <= from)
            {
                break;
            }

            var to = i + 1 < _aboveWh.Length ? Math.Min(wh, _aboveWh[i + 1] + extra) : wh;
            nano += WideMoney.Product(to - from, _adders[i].MicroPerKwh).Nano;
        }

        if (household.Protected && _freeWh > 0)
        {
            nano -= WideMoney.Product(Math.Min(wh, _freeWh), _freePrice.MicroPerKwh).Nano;
        }

        return new(nano);
    }

    private long ExtraWh(Household household) =>
        _householdBase > 0 && household.Size > _householdBase ? (household.Size - _householdBase) * _extraWhPerPerson : 0;
}

/// <param name="Size">Persons; 0 is not known and has the base allowance.</param>
/// <param name="Protected">Protected household with free units (五保户, 低保户 and their like).</param>
public readonly record struct Household(byte Size, bool Protected)
{
    /// <summary>Most persons of one household.</summary>
    public const int SizeMax = Limits.HouseholdMax;

    /// <summary>Most earlier households that an account remembers.</summary>
    public const int FormerMax = 64;
}
