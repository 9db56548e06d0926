namespace AccountGrid.Domain.Rating;

/// <summary>Tier surcharges as a function of a period's energy, and of the household and the period.</summary>
public sealed class TierSchedule
{
    private const int MonthsOfYear = 12;

    private readonly Steps _steps;

    /// <summary>By month, January first; null where all months have the same steps.</summary>
    private readonly Steps[]? _byMonth;
    private readonly TierDefinition? _definition;
    private readonly Price _freePrice;
    private readonly long _freeWh;

    internal TierSchedule(TierDefinition? definition, Func<string, Price> price)
    {
        _definition = definition;
        _steps = Steps.Of(definition?.Steps ?? [], price);
        if (definition is not null)
        {
            PerYear = definition.Per == "year";
            (_freeWh, _freePrice) = (definition.ProtectedFreeWh, price(definition.FreePricePerKwh));
            _byMonth = definition.Seasons.Count == 0 ? null
                : [.. Enumerable.Range(1, MonthsOfYear).Select(m =>
                    definition.Seasons.FirstOrDefault(s => s.Months.Contains(m)) is { } season ? Steps.Of(season.Steps, price) : _steps)];
        }

        Any = _freeWh > 0 || (_byMonth ?? [_steps]).Any(s => s.AboveWh.Length > 0);
        DearestMicro = (_byMonth ?? [_steps]).SelectMany(s => s.Adders).Select(a => a.MicroPerKwh).Append(_freeWh > 0 ? _freePrice.MicroPerKwh : 0).Max();
    }

    /// <summary>Counts per calendar year instead of per month.</summary>
    public bool PerYear { get; }

    public bool Any { get; }

    /// <summary>Whether limits can be for a part of a period.</summary>
    internal bool IsPartial => _definition is { FirstPeriod: not "whole" };

    /// <summary>Most that a kWh can cost more or less by tiers, 10^-6 units.</summary>
    internal long DearestMicro { get; }

    /// <summary>
    /// What of a period limits are for, where tiers begin on a day of it: months or days, by the tariff's own choice; 0 is the whole period.
    /// </summary>
    /// <param name="start">First local day of the period.</param>
    /// <param name="begin">The local day on which tiers of this kind begin for the account.</param>
    /// <param name="end">The local day after the period's last.</param>
    public int PartFrom(int start, int begin, int end) => begin <= start ? 0 : _definition?.FirstPeriod switch
    {
        "months" => MonthsOfYear + 1 - DateOnly.FromDayNumber(begin).Month is < MonthsOfYear and var months ? months : 0,
        "days" => end - begin,
        _ => 0,
    };

    /// <summary>Where the steps begin for a period, Wh; empty where it has none.</summary>
    public long[] LimitsWh(in TierTerms terms)
    {
        var (steps, extra, whole) = (StepsOf(terms.Day), ExtraWh(terms.Household), WholeOf(terms));
        return steps.AboveWh.Length == 0 ? [] : [.. steps.AboveWh.Select(wh => Share(wh + extra, whole.Part, whole.Of))];
    }

    /// <summary>What a kWh above each limit costs more, in the period of a local day.</summary>
    public IReadOnlyList<Price> AddersOf(int day) => StepsOf(day).Adders;

    /// <summary>
    /// Surcharge of a period in which so much energy was used; zero for no energy. Piecewise linear, so T(a+b) − T(a) is what b costs
    /// on top of a, and any split of a period sums to the same.
    /// </summary>
    public WideMoney Surcharge(Energy energy, in TierTerms terms)
    {
        Int128 nano = 0;
        var wh = Math.Max(0, energy.Wh);
        var extra = ExtraWh(terms.Household);
        var (part, whole) = WholeOf(terms);
        var (aboveWh, adders) = StepsOf(terms.Day);
        for (var i = 0; i < aboveWh.Length; i++)
        {
            var from = Share(aboveWh[i] + extra, part, whole);
            if (wh <= from)
            {
                break;
            }

            var to = i + 1 < aboveWh.Length ? Math.Min(wh, Share(aboveWh[i + 1] + extra, part, whole)) : wh;
            nano += WideMoney.Product(to - from, adders[i].MicroPerKwh).Nano;
        }

        if (terms.Household.Protected && _freeWh > 0)
        {
            nano -= WideMoney.Product(Math.Min(wh, Share(_freeWh, part, whole)), _freePrice.MicroPerKwh).Nano;
        }

        return new(nano);
    }

    /// <summary>A limit's part, rounded down to the watt-hour.</summary>
    private static long Share(long wh, int part, int whole) => part == 0 ? wh : (long)((Int128)wh * part / whole);

    private (int Part, int Of) WholeOf(in TierTerms terms)
    {
        if (terms.Part == 0)
        {
            return (0, 1);
        }

        var date = DateOnly.FromDayNumber(terms.Day);
        return (terms.Part, _definition!.FirstPeriod == "months" ? MonthsOfYear
            : PerYear ? (DateTime.IsLeapYear(date.Year) ? 366 : 365)
            : DateTime.DaysInMonth(date.Year, date.Month));
    }

    private Steps StepsOf(int day) => _byMonth is null ? _steps : _byMonth[DateOnly.FromDayNumber(day).Month - 1];

    private long ExtraWh(Household household) => _definition is { HouseholdBase: > 0 } d && household.Size > d.HouseholdBase
        ? d.ExtraWhFlat + ((household.Size - d.HouseholdBase) * d.ExtraWhPerPerson)
        : 0;

    private readonly record struct Steps(long[] AboveWh, Price[] Adders)
    {
        public static Steps Of(IReadOnlyList<TierStep> steps, Func<string, Price> price) =>
            new([.. steps.Select(s => s.AboveWh)], [.. steps.Select(s => price(s.AdderPerKwh))]);
    }
}
