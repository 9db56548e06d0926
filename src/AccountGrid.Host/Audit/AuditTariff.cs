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

    /// <summary>Price of the dearest rate and tier, 10^-6 units per kWh.</summary>
    public long DearestMicro =>
        (long)((_prices.Max() + (_definition.Tiers?.Steps.Select(t => Decimal(t.AdderPerKwh)).DefaultIfEmpty().Max() ?? 0)) * 1_000_000);

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

    public decimal Surcharge(long wh, int household, bool isProtected)
    {
        if (_definition.Tiers is not { } tiers)
        {
            return 0;
        }

        var extra = tiers.HouseholdBase > 0 ? Math.Max(0, household - tiers.HouseholdBase) * tiers.ExtraWhPerPerson : 0;
        var sum = 0m;
        for (var i = 0; i < tiers.Steps.Count; i++)
        {
            var top = i + 1 < tiers.Steps.Count ? tiers.Steps[i + 1].AboveWh + extra : long.MaxValue;
            sum += Math.Max(0, Math.Min(wh, top) - (tiers.Steps[i].AboveWh + extra)) * Decimal(tiers.Steps[i].AdderPerKwh) / 1000m;
        }

        return isProtected ? sum - (Math.Min(Math.Max(0, wh), tiers.ProtectedFreeWh) * Decimal(tiers.FreePricePerKwh) / 1000m) : sum;
    }

    /// <summary>Tax on a period's sum, half to even at nine decimals.</summary>
    public decimal Tax(decimal sum) => Math.Round(sum * _definition.TaxBasisPoints / 10_000m, 9, MidpointRounding.ToEven);

    private int RateAt(DateOnly day, TimeOnly time)
    {
        var isHoliday = _definition.Calendar.Holidays.Contains(day);
        var isWeekend = day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday && !_definition.Calendar.MovedWorkdays.Contains(day);
        var type = isHoliday ? "holiday" : isWeekend ? "weekend" : "workday";
        var minute = (time.Hour * 60) + time.Minute;
        var rule = _definition.Schedule.FirstOrDefault(r => (r.Days.Count == 0 || r.Days.Contains(type)) && InSeason(r, day) && InTime(r, minute));
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
