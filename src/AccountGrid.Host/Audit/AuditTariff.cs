using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Host.Audit;

/// <summary>
/// The audit's own reading of a tariff: it takes the definition and nothing of the fold's code, and works in decimals. Slow and plain on purpose.
/// </summary>
internal sealed class AuditTariff
{
    private readonly TariffDefinition _definition;
    private readonly TimeZoneInfo _zone;
    private readonly decimal[] _prices;
    private readonly Dictionary<long, (DateOnly Day, int Rate, int Hour)> _quarters = [];

    private readonly Dictionary<DateOnly, (long FromMs, long ToMs)> _bounds = [];

    private readonly AuditPrices? _series;

    /// <param name="isWithdrawn">It never holds.</param>
    /// <param name="series">The price series that it follows; null where it follows none.</param>
    public AuditTariff(int number, TariffDefinition definition, bool isWithdrawn = false, AuditPrices? series = null)
    {
        _series = series;
        (Number, IsWithdrawn) = (number, isWithdrawn);
        _definition = definition;
        _zone = TimeZoneInfo.FindSystemTimeZoneById(definition.Zone);
        _prices = [.. definition.Rates.Select(r => Decimal(r.PricePerKwh) + Decimal(definition.LevyPerKwh))];
    }

    /// <summary>More than the rates of a tariff: what an interval's number is multiplied by beside the rate of its time.</summary>
    private const int RatesMax = 100;

    public const long QuarterMs = 15 * 60 * 1000;

    public int Number { get; }

    public bool IsWithdrawn { get; }

    /// <summary>As it is written.</summary>
    public TariffDefinition Definition => _definition;

    /// <summary>Name of the product.</summary>
    public string Product => _definition.Id;

    public string Currency => _definition.Currency;

    /// <summary>First local day on which it is in force.</summary>
    public int FromDay => _definition.EffectiveFrom?.DayNumber ?? int.MinValue;

    public decimal StandingPerDay => Decimal(_definition.StandingPerDay);

    /// <summary>Whether prices differ by time.</summary>
    public bool HasTimes => _prices.Length > 1 || _definition.Dynamic is not null;

    /// <summary>The price series that it follows; null where it follows none.</summary>
    public AuditPrices? Series => _definition.Dynamic is null ? null : _series;

    /// <summary>Price of a rate of a day: of one of the tariff's, or of an interval, as <see cref="At"/> gave it.</summary>
    /// <param name="through">The publication up to which prices of a series count.</param>
    public decimal Price(DateOnly day, int rate, int through)
    {
        if (_definition.Dynamic is not { } d || _series is null)
        {
            return _prices[rate];
        }

        // The interval is counted in quarters of an hour above the rate of its time.
        var (scheduled, interval) = (rate % RatesMax, rate / RatesMax);
        var product = Math.Round(_series.Price(day, interval, through) * Decimal(d.Factor), 6, MidpointRounding.ToEven);
        return _prices[scheduled] + Math.Min(Decimal(d.CapPerKwh), Math.Max(Decimal(d.FloorPerKwh), product + Decimal(d.SurchargePerKwh)));
    }

    /// <summary>Which of the tariff's rates a rate is that <see cref="At"/> gave, where it may be an interval.</summary>
    public int RateIndex(int rate) => _definition.Dynamic is null ? rate : rate % RatesMax;

    /// <summary>Price of the dearest rate and tier, whichever sign, 10^-6 units per kWh.</summary>
    public long DearestMicro =>
        (long)(Math.Max(_prices.Max(p => Math.Abs(p)) + DearestTier + DearestFollowing + DearestDemand + _definition.Levies.Sum(l => Decimal(l.PerKwh)),
            DearestExport)
            * 1_000_000);

    /// <summary>A kWh within an interval is so many kW of demand.</summary>
    private decimal DearestDemand => _definition.Demand is { } d ? Decimal(d.PricePerMonth) * 60 / d.IntervalMinutes * Decimal(d.SurchargeFactor) : 0;

    private decimal DearestFollowing => _definition.Dynamic is { } d ? Math.Max(Math.Abs(Decimal(d.FloorPerKwh)), Math.Abs(Decimal(d.CapPerKwh))) : 0;

    /// <summary>Twice the dearest kWh that is credited: its tax can double it, and so can what it is taken off.</summary>
    private decimal DearestExport => 2 * (_definition.Export switch
    {
        { FeedIn: { } f } => _definition.Rates.Max(r => Math.Abs(Decimal(f.Prices.TryGetValue(r.Name, out var own) ? own : f.PricePerKwh))),
        { NetMetering: { } n } => Math.Max(Decimal(n.RestPricePerKwh), _definition.Rates.Max(r => Math.Abs(Decimal(r.PricePerKwh)))),
        _ => 0,
    });

    private decimal DearestTier => _definition.Tiers is not { } tiers ? 0
        : Enumerable.Range(1, 12).SelectMany(m => tiers.Seasons.FirstOrDefault(s => s.Months.Contains(m))?.Steps ?? tiers.Steps)
            .Select(t => Decimal(t.AdderPerKwh))
            .Append(tiers.ProtectedFreeWh > 0 ? Decimal(tiers.FreePricePerKwh) : 0).Max();

    public bool PerYear => _definition.Tiers?.Per == "year";

    public DateOnly PeriodOf(DateOnly day) => new(day.Year, PerYear ? 1 : day.Month, 1);

    /// <summary>
    /// Local day, rate and wall-clock hour of the quarter hour that an instant lies in. Where the tariff follows a price series the interval is part of the
    /// rate.
    /// </summary>
    public (DateOnly Day, int Rate, int Hour) At(long ms)
    {
        var quarter = ms / QuarterMs * QuarterMs;
        if (!_quarters.TryGetValue(quarter, out var known))
        {
            var local = TimeZoneInfo.ConvertTimeFromUtc(DateTimeOffset.FromUnixTimeMilliseconds(quarter).UtcDateTime, _zone);
            var day = DateOnly.FromDateTime(local);
            _quarters[quarter] = known = (day, RateAt(day, TimeOnly.FromDateTime(local)), local.Hour);
            if (_definition.Dynamic is { } d)
            {
                // Counted from the first quarter of the local day.
                var first = quarter;
                while (DateOnly.FromDateTime(
                    TimeZoneInfo.ConvertTimeFromUtc(DateTimeOffset.FromUnixTimeMilliseconds(first - QuarterMs).UtcDateTime, _zone)) == day)
                {
                    first -= QuarterMs;
                }

                var interval = (int)((quarter - first) / QuarterMs / (d.ResolutionMinutes / 15));
                var begin = TimeZoneInfo.ConvertTimeFromUtc(
                    DateTimeOffset.FromUnixTimeMilliseconds(first + (interval * d.ResolutionMinutes * 60_000L)).UtcDateTime, _zone);
                _quarters[quarter] = known = (day, (interval * RatesMax) + RateAt(day, TimeOnly.FromDateTime(begin)), local.Hour);
            }
        }

        return known;
    }

    /// <summary>First instant of a local day, and of the next one, UTC ms: the quarter of an hour from which on clocks show the day.</summary>
    public (long FromMs, long ToMs) BoundsOf(DateOnly day)
    {
        long FirstOf(DateOnly d)
        {
            var at = new DateTimeOffset(d.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).AddHours(-16).ToUnixTimeMilliseconds();
            while (DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(DateTimeOffset.FromUnixTimeMilliseconds(at).UtcDateTime, _zone)) < d)
            {
                at += QuarterMs;
            }

            return at;
        }

        if (!_bounds.TryGetValue(day, out var known))
        {
            _bounds[day] = known = (FirstOf(day), FirstOf(day.AddDays(1)));
        }

        return known;
    }

    /// <summary>The rate that the tariff names for a rate register; null where it names none, so that the schedule decides.</summary>
    public int? RateOf(RegisterKind register) =>
        register is >= RegisterKind.ImportRate1 and <= RegisterKind.ImportRate4 && _definition.Registers.TryGetValue($"1.8.{(int)register}", out var name)
            ? _definition.Rates.Select((r, i) => (r.Name, i)).First(r => r.Name == name).i
            : null;

    /// <summary>Minute of the local day.</summary>
    public int MinuteOf(long ms) => (int)TimeZoneInfo.ConvertTimeFromUtc(DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime, _zone).TimeOfDay.TotalMinutes;

    /// <param name="start">First day of the period.</param>
    /// <param name="begin">Day on which tiers per month, or per year, began for the account.</param>
    public decimal Surcharge(long wh, int household, bool isProtected, DateOnly start, DateOnly begin)
    {
        if (_definition.Tiers is not { } tiers)
        {
            return 0;
        }

        var (part, whole) = PartOf(tiers, start, begin);
        var extra = tiers.HouseholdBase > 0 && household > tiers.HouseholdBase
            ? tiers.ExtraWhFlat + ((household - tiers.HouseholdBase) * tiers.ExtraWhPerPerson) : 0;
        decimal Limit(decimal limit) => decimal.Floor(limit * part / whole);
        var steps = tiers.Seasons.FirstOrDefault(s => s.Months.Contains(start.Month))?.Steps ?? tiers.Steps;
        var sum = 0m;
        for (var i = 0; i < steps.Count; i++)
        {
            var top = i + 1 < steps.Count ? Limit(steps[i + 1].AboveWh + extra) : long.MaxValue;
            sum += Math.Max(0, Math.Min(wh, top) - Limit(steps[i].AboveWh + extra)) * Decimal(steps[i].AdderPerKwh) / 1000m;
        }

        return isProtected ? sum - (Math.Min(Math.Max(0, wh), Limit(tiers.ProtectedFreeWh)) * Decimal(tiers.FreePricePerKwh) / 1000m) : sum;
    }

    private static (int Part, int Of) PartOf(TierDefinition tiers, DateOnly start, DateOnly begin)
    {
        var end = tiers.Per == "year" ? start.AddYears(1) : start.AddMonths(1);
        return begin <= start || tiers.FirstPeriod == "whole" ? (1, 1)
            : tiers.FirstPeriod == "months" ? (13 - begin.Month, 12)
            : (end.DayNumber - begin.DayNumber, end.DayNumber - start.DayNumber);
    }

    /// <summary>
    /// Levies by name, and all taxes that are added, of a period: each tax rounded half to even at nine decimals; those that prices include are taken out of
    /// them first. (DOMAIN, tariffs.)
    /// </summary>
    /// <param name="energy">Energy by rate, with the levy that is in the prices, and tiers.</param>
    /// <param name="before">Energy of the period under earlier versions, Wh.</param>
    public (decimal Levies, decimal Taxes) LeviesAndTaxes(decimal energy, decimal standing, long wh, long before, DateOnly start)
    {
        var levies = _definition.Levies.Where(l => Holds(l.From, l.Until, start))
            .Sum(l => (Above(l, before + wh) - Above(l, before)) * Decimal(l.PerKwh) / 1000m);
        var inPrices = wh * Decimal(_definition.LevyPerKwh) / 1000m;
        var parts = new Dictionary<string, decimal> { ["energy"] = energy - inPrices, ["standing"] = standing, ["levies"] = levies + inPrices };
        var taxes = _definition.Taxes.Where(t => Holds(t.From, t.Until, start)).Select(t => t.On.Count == 0 ? t with { On = [.. parts.Keys] } : t).ToList();
        var net = parts.ToDictionary(p => p.Key, p =>
        {
            var included = taxes.Where(t => t.Included && t.On.Contains(p.Key)).ToList();
            return p.Value - included.Sum(t => Even(p.Value * t.BasisPoints / (10_000 + included.Sum(i => i.BasisPoints))));
        });
        var added = taxes.Where(t => !t.Included).Sum(t => Even(t.On.Distinct().Sum(p => net[p]) * t.BasisPoints / 10_000m));
        return (levies, added + Even(net.Values.Sum() * _definition.TaxBasisPoints / 10_000m));
    }

    /// <summary>The standing charge of one day with what is added to it.</summary>
    public decimal StandingWithTaxes(DateOnly day) => StandingPerDay + LeviesAndTaxes(0, StandingPerDay, 0, 0, PeriodOf(day)).Taxes;

    private static decimal Above(LevyDefinition levy, long wh) => Math.Max(0, Math.Min(wh, levy.UpToWh ?? long.MaxValue) - levy.AboveWh);

    private static bool Holds(DateOnly? from, DateOnly? until, DateOnly start) => (from ?? DateOnly.MinValue) <= start && start <= (until ?? DateOnly.MaxValue);

    private static decimal Even(decimal amount) => Math.Round(amount, 9, MidpointRounding.ToEven);

    private int RateAt(DateOnly day, TimeOnly time)
    {
        var isHoliday = _definition.Calendar.Holidays.Contains(day);
        var isWeekend = day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday && !_definition.Calendar.MovedWorkdays.Contains(day);
        string[] kinds = isHoliday ? ["holiday"] : [isWeekend ? "weekend" : "workday", day.DayOfWeek.ToString()[..3].ToLowerInvariant()];
        var minute = (time.Hour * 60) + time.Minute;
        var rule = _definition.Schedule.FirstOrDefault(r => (r.Days.Count == 0 || r.Days.Intersect(kinds).Any()) && InSeason(r, day) && InTime(r, minute));
        return rule is null ? 0 : _definition.Rates.Select((r, i) => (r.Name, i)).First(r => r.Name == rule.Rate).i;
    }

    private static bool InTime(RateRule rule, int minute)
    {
        var (from, to) = (Minute(rule.From), Minute(rule.To));
        return from < to ? from <= minute && minute < to : minute >= from || minute < to;
    }

    private static bool InSeason(RateRule rule, DateOnly day)
    {
        if (rule.SeasonFrom is null || rule.SeasonTo is null)
        {
            return true;
        }

        var at = day.ToString("MM-dd", CultureInfo.InvariantCulture);
        var (from, to) = (rule.SeasonFrom, rule.SeasonTo);
        bool AtLeast(string a, string b) => string.CompareOrdinal(a, b) >= 0;
        return AtLeast(to, from) ? AtLeast(at, from) && AtLeast(to, at) : AtLeast(at, from) || AtLeast(to, at);
    }

    private static int Minute(string text) => (int.Parse(text[..2], CultureInfo.InvariantCulture) * 60) + int.Parse(text[3..], CultureInfo.InvariantCulture);

    private static decimal Decimal(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
