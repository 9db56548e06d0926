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
    private readonly RegisterRates? _registers;
    private readonly DynamicPrices? _dynamic;

    internal Tariff(
        int number, TariffDefinition definition, LocalCalendar calendar, Price[] prices, TierSchedule tiers, LeviesAndTaxes? extras,
        Func<int, DayPlan> buildPlan, PriceBook? book)
    {
        Number = number;
        Definition = definition;
        Calendar = calendar;
        _prices = prices;
        Tiers = tiers;
        LeviesAndTaxes = extras;
        _dynamic = definition.Dynamic is { } following ? new DynamicPrices(following, prices, buildPlan, book) : null;
        _buildPlan = _dynamic is { } intervals ? intervals.PlanOf : buildPlan;
        FromDay = definition.EffectiveFrom?.DayNumber ?? int.MinValue;
        _registers = definition.Registers.Count == 0 ? null : new RegisterRates(definition);
        Join(new TariffProduct(), 0);
        StandingPerDay = Money.TryParse(definition.StandingPerDay, out var standing) ? standing : default;
        Export = definition.Export is null ? null : new ExportTerms(definition);
        TwoPart = definition is { Capacity: null, Demand: null, PowerFactor: null } ? null : new TwoPartTerms(definition);
        var imported = prices.Max(p => Math.Abs(p.MicroPerKwh)) + tiers.DearestMicro + (extras?.DearestMicro ?? 0) + (_dynamic?.DearestMicro ?? 0)
            + (TwoPart?.DearestMicro ?? 0);
        DifferenceMaxWh = Limits.DifferenceMaxNano / Math.Max(1, Math.Max(imported, Export?.DearestMicro ?? 0));
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

    /// <summary>What exported energy is worth; null where it is credited nothing.</summary>
    public ExportTerms? Export { get; }

    public Money StandingPerDay { get; }

    /// <summary>Capacity or demand charge and power factor; null where it has none of them.</summary>
    public TwoPartTerms? TwoPart { get; }

    /// <summary>Whether it charges for each local day: a standing charge, or one for capacity or demand.</summary>
    public bool ChargesDays => StandingPerDay != Money.Zero || TwoPart is { CountsDays: true };

    public int TaxBasisPoints => Definition.TaxBasisPoints;

    /// <summary>Rates of the tariff; on a day they are intervals where it follows a price series.</summary>
    public int RateCount => _prices.Length;

    /// <summary>Whether prices differ by time; where they do not, a gap's energy needs no load shape within a day.</summary>
    public bool IsTimeOfUse => _prices.Length > 1 || _dynamic is not null;

    /// <summary>Whether prices follow a price series.</summary>
    public bool IsDynamic => _dynamic is not null;

    /// <summary>The series that prices follow; null where they follow none.</summary>
    public PriceSeries? Series => _dynamic?.Series;

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

    /// <summary>Price of a rate, levies included; of a tariff that follows a price series what does not follow it.</summary>
    public Price PriceOf(int rate) => _prices[rate];

    /// <summary>Price of a rate of a day's plan, levies included.</summary>
    /// <param name="through">Publication up to which prices of a series count; <see cref="int.MaxValue"/> is all that are known now.</param>
    public Price PriceOf(int day, int rate, int through) => _dynamic is null ? _prices[rate] : PricesOf(day, through)[rate];

    /// <summary>Rates of a day's plan: where the tariff follows a price series, its intervals.</summary>
    public int RatesOn(int day) => _dynamic?.CountOf(day) ?? _prices.Length;

    /// <summary>The rate that a rate of a day's plan is named by: where it is an interval, the one of its time.</summary>
    public RateDefinition NameOf(int day, int rate) => Definition.Rates[RateIndexOf(day, rate)];

    /// <summary>The price of a rate of a day's plan that follows a series; zero of a tariff that follows none.</summary>
    /// <inheritdoc cref="PriceOf(int, int, int)" path="/param"/>
    public Price FollowingPriceOf(int day, int rate, int through) => _dynamic is null
        ? default
        : new(PriceOf(day, rate, through).MicroPerKwh - _prices[RateIndexOf(day, rate)].MicroPerKwh);

    /// <summary>Which of the tariff's rates a rate of a day's plan is, or has on top.</summary>
    public int RateIndexOf(int day, int rate) => _dynamic?.RateOf(day, rate) ?? rate;

    private Price[] PricesOf(int day, int through) =>
        _dynamic!.PricesOf(day, through == int.MaxValue ? _dynamic.Series.LatestKnown() : through);

    public DayPlan PlanOf(int day) => _plans.TryGetValue(day, out var plan) ? plan : _plans.GetOrAdd(day, _buildPlan);

    /// <summary>The rate that a rate register's energy is charged at; null where the tariff has none for it, so that its schedule holds.</summary>
    public int? RateOf(RegisterKind register) => _registers?.RateOf(register);

    /// <summary>
    /// The first rate register of a meter that the tariff has no rate for although its rates differ: then only the schedule could say what it costs. Null where
    /// there is none.
    /// </summary>
    /// <param name="registers">Rate registers of the meter, from 1.8.1 on.</param>
    public RegisterKind? UnmappedOf(int registers)
    {
        for (var i = 0; IsTimeOfUse && i < registers; i++)
        {
            if (RateOf(RegisterCodes.RateAt(i)) is null)
            {
                return RegisterCodes.RateAt(i);
            }
        }

        return null;
    }

    /// <summary>The plan of a day for a rate register, of one rate; null where the tariff has none for it, so that its schedule holds.</summary>
    public DayPlan? PlanOf(int day, RegisterKind register) => _registers?.RateOf(register) is { } ? _registers.PlanOf(register, PlanOf(day)) : null;

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
