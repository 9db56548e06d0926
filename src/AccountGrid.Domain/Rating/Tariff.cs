using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

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

    internal Tariff(
        int number, TariffDefinition definition, LocalCalendar calendar, Price[] prices, TierSchedule tiers, LeviesAndTaxes? extras,
        Func<int, DayPlan> buildPlan)
    {
        Number = number;
        Definition = definition;
        Calendar = calendar;
        _prices = prices;
        Tiers = tiers;
        LeviesAndTaxes = extras;
        _buildPlan = buildPlan;
        FromDay = definition.EffectiveFrom?.DayNumber ?? int.MinValue;
        Join(new TariffProduct(), 0);
        StandingPerDay = Money.TryParse(definition.StandingPerDay, out var standing) ? standing : default;
        DifferenceMaxWh = Limits.DifferenceMaxNano / Math.Max(
            1, prices.Max(p => Math.Abs(p.MicroPerKwh)) + tiers.DearestMicro + (extras?.DearestMicro ?? 0));
    }

    /// <summary>
    /// Most energy that one difference may have, Wh: at the dearest rate and tier, whichever sign, it costs <see cref="Limits.DifferenceMaxNano"/>.
    /// </summary>
    public long DifferenceMaxWh { get; }

    /// <summary>The grid's own number of this version, as states and log records name it.</summary>
    public int Number { get; }

    public TariffDefinition Definition { get; }

    /// <summary>First local day on which it is in force; <see cref="int.MinValue"/> is any day.</summary>
    public int FromDay { get; }

    /// <summary>The product that it is a version of; of its own until it joins one.</summary>
    public TariffProduct Product { get; private set; }

    public LocalCalendar Calendar { get; }

    public TierSchedule Tiers { get; }

    /// <summary>Levies and taxes by name; null where it has none, and <see cref="TaxBasisPoints"/> says all.</summary>
    internal LeviesAndTaxes? LeviesAndTaxes { get; }

    public Money StandingPerDay { get; }

    public int TaxBasisPoints => Definition.TaxBasisPoints;

    public int RateCount => _prices.Length;

    /// <summary>Whether prices differ by time; where they do not, a gap's energy needs no load shape within a day.</summary>
    public bool IsTimeOfUse => _prices.Length > 1;

    /// <summary>Whether accounts may be on this version on a local day.</summary>
    public bool IsInForceOn(int day) => FromDay <= day;

    /// <summary>Makes it a version of a product. Before anybody rates by it.</summary>
    /// <param name="knownMs"><inheritdoc cref="ProductVersion" path="/param[@name='KnownMs']"/></param>
    [MemberNotNull(nameof(Product))]
    public void Join(TariffProduct product, long knownMs)
    {
        Product = product;
        product.Add(this, knownMs);
    }

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

    /// <summary>What of a tier period limits are for, where tiers begin for an account on a day of it; 0 is the whole period.</summary>
    public int TierPartFrom(int periodStart, int begin) => begin <= periodStart ? 0 : Tiers.PartFrom(periodStart, begin, PeriodEndOf(periodStart));

    private static readonly int UnixEpochDay = new DateOnly(1970, 1, 1).DayNumber;
}
