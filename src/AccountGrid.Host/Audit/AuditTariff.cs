using System.Globalization;
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

    /// <param name="isWithdrawn">It never holds.</param>
    public AuditTariff(int number, TariffDefinition definition, bool isWithdrawn = false)
    {
        (Number, IsWithdrawn) = (number, isWithdrawn);
        _definition = definition;
        _zone = TimeZoneInfo.FindSystemTimeZoneById(definition.Zone);
        _prices = [.. definition.Rates.Select(r => Decimal(r.PricePerKwh) + Decimal(definition.LevyPerKwh))];
    }

    public const long QuarterMs = 15 * 60 * 1000;

    public int Number { get; }

    public bool IsWithdrawn { get; }

    /// <summary>Name of the product.</summary>
    public string Product => _definition.Id;

    public string Currency => _definition.Currency;

    /// <summary>First local day on which it is in force.</summary>
    public int FromDay => _definition.EffectiveFrom?.DayNumber ?? int.MinValue;

    public decimal StandingPerDay => Decimal(_definition.StandingPerDay);

    public int Rates => _prices.Length;

    public decimal Price(int rate) => _prices[rate];

    /// <summary>Price of the dearest rate and tier, whichever sign, 10^-6 units per kWh.</summary>
    public long DearestMicro => (long)((_prices.Max(p => Math.Abs(p)) + DearestTier + _definition.Levies.Sum(l => Decimal(l.PerKwh))) * 1_000_000);

    private decimal DearestTier => _definition.Tiers is not { } tiers ? 0
        : tiers.Steps.Concat(tiers.Seasons.SelectMany(s => s.Steps)).Select(t => Decimal(t.AdderPerKwh))
            .Append(tiers.ProtectedFreeWh > 0 ? Decimal(tiers.FreePricePerKwh) : 0).Max();

    public bool PerYear => _definition.Tiers?.Per == "year";

    public DateOnly PeriodOf(DateOnly day) => new(day.Year, PerYear ? 1 : day.Month, 1);

    /// <summary>Local day, rate and wall-clock hour of the quarter hour that an instant lies in.</summary>
    public (DateOnly Day, int Rate, int Hour) At(long ms)
    {
        var quarter = ms / QuarterMs * QuarterMs;
        if (!_quarters.TryGetValue(quarter, out var known))
        {
            var local = TimeZoneInfo.ConvertTimeFromUtc(DateTimeOffset.FromUnixTimeMilliseconds(quarter).UtcDateTime, _zone);
            var day = DateOnly.FromDateTime(local);
            _quarters[quarter] = known = (day, RateAt(day, TimeOnly.FromDateTime(local)), local.Hour);
        }

        return known;
    }

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
    /// Levies by name, and all taxes that are added, of a period: each tax rounded half to even at nine decimals; those that prices include are reckoned out of
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
