using System.Globalization;

namespace AccountGrid.Domain.Rating;

/// <summary>Checks a tariff definition and makes it ready to rate. The one place where an untrusted tariff becomes a trusted one.</summary>
public static class TariffCompiler
{
    /// <summary>Rules of one schedule: each hour of three day types in four seasons, with room.</summary>
    private const int RulesMax = 400;

    internal const int MinutesOfDay = 24 * 60;

    internal static readonly string RateRight = $"a decimal from -{Limits.PriceMax} to {Limits.PriceMax} with at most six decimals";

    internal static readonly string PriceRight = $"a decimal from 0 to {Limits.PriceMax} with at most six decimals";

    /// <summary>Builds the tariff, or says the first thing that is wrong with it: the field, its value and what would be right.</summary>
    /// <param name="book">The price series that a tariff can follow; null where nothing is rated by one that does.</param>
    public static (Tariff? Tariff, Refusal? Refusal) Compile(int number, TariffDefinition d, PriceBook? book = null)
    {
        if (Check(d) is { } refusal)
        {
            return (null, refusal);
        }

        var calendar = LocalCalendar.Find(d.Zone)!;
        var levy = PriceOf(d.LevyPerKwh)!.Value.MicroPerKwh;
        var prices = d.Rates.Select(r => new Price(RateOf(r.PricePerKwh)!.Value.MicroPerKwh + levy)).ToArray();
        var rules = d.Schedule.Select(r => CompiledRule.Of(r, IndexOf(d.Rates, r.Rate))).ToArray();
        var holidays = d.Calendar.Holidays.Select(h => h.DayNumber).ToHashSet();
        var moved = d.Calendar.MovedWorkdays.Select(h => h.DayNumber).ToHashSet();
        return (new Tariff(number, d, calendar, prices, new TierSchedule(d.Tiers, text => PriceOf(text)!.Value), Extras(d), BuildPlan, book), null);

        DayPlan BuildPlan(int day)
        {
            var start = calendar.StartOf(day);
            var end = calendar.StartOf(day + 1);
            var slots = (int)((end - start) / Limits.SlotMs);
            var rates = new byte[slots];
            var hours = new byte[slots];
            var kind = DayKinds.Of(day, holidays, moved);
            for (var i = 0; i < slots; i++)
            {
                var minute = calendar.MinuteOf(start + (i * Limits.SlotMs));
                hours[i] = (byte)(minute / 60);
                foreach (var rule in rules)
                {
                    if (rule.Fits(day, kind, minute))
                    {
                        rates[i] = (byte)rule.Rate;
                        break;
                    }
                }
            }

            return new DayPlan(day, start, end, rates, hours);
        }
    }

    private static LeviesAndTaxes? Extras(TariffDefinition d) =>
        d.Levies.Count + d.Taxes.Count == 0 ? null : new LeviesAndTaxes(d, text => PriceOf(text)!.Value);

    private static Refusal? Check(TariffDefinition d)
    {
        if (!Ids.IsValid(d.Id))
        {
            return Wrong("id", d.Id, Ids.Right);
        }

        if (d.Version < 1)
        {
            return Wrong("version", d.Version, "1 or more");
        }

        if (d.Currency is null || Currencies.DigitsOf(d.Currency) is null)
        {
            return Wrong("currency", d.Currency, "a code of ISO 4217 in upper case, such as CNY");
        }

        if (string.IsNullOrEmpty(d.Zone) || LocalCalendar.Find(d.Zone) is null)
        {
            return Wrong("zone", d.Zone,
                $"an IANA zone as the zone database spells it, such as {(d.Zone is null ? null : LocalCalendar.SpellingOf(d.Zone)) ?? "Asia/Shanghai"}");
        }

        return CheckNulls(d) ?? CheckRates(d) ?? CheckRegisters(d) ?? CheckAmounts(d)
            ?? d.Schedule.Select((r, i) => CheckRule(d, r, i)).FirstOrDefault(r => r is not null)
            ?? ScheduleCheck.Check(d.Schedule) ?? TierCheck.Check(d.Tiers) ?? LevyTaxCheck.Check(d) ?? ExportCheck.Check(d) ?? PriceSeriesCheck.Check(d)
            ?? TwoPartCheck.Check(d);
    }

    private static Refusal? CheckNulls(TariffDefinition d) =>
        d.Schedule is null || d.Registers is null || d.Calendar is null || d.Levies is null || d.Levies.Any(l => l is null)
        || d.Taxes is null || d.Taxes.Any(t => t?.On is null || t.On.Any(n => n is null))
        || d.Calendar.Holidays is null || d.Calendar.MovedWorkdays is null
        || d.Schedule.Any(r => r?.Days is null || r.Days.Any(n => n is null)) || d.Rates?.Any(r => r is null) == true
        || (d.Tiers is { } tiers && (tiers.Steps is null || tiers.Steps.Any(s => s is null) || tiers.Seasons is null
            || tiers.Seasons.Any(s => s?.Months is null || s.Steps is null || s.Steps.Any(t => t is null))))
            ? Wrong("rates, schedule, registers, calendar, tiers, levies or taxes", "null", "without null")
            : null;

    private static Refusal? CheckRates(TariffDefinition d)
    {
        if (d.Rates is not { Count: > 0 and <= Limits.RatesMax })
        {
            return Wrong("rates", d.Rates?.Count ?? 0, $"1 to {Limits.RatesMax} rates");
        }

        if (d.Rates.Select(r => r.Name).Distinct().Count() != d.Rates.Count
            || d.Rates.Any(r => string.IsNullOrEmpty(r.Name) || r.Name.Length > Limits.IdMaxLength))
        {
            return Wrong("rates.name", string.Join(",", d.Rates.Select(r => r.Name)), $"distinct names of 1 to {Limits.IdMaxLength} characters");
        }

        foreach (var rate in d.Rates)
        {
            if (RateOf(rate.PricePerKwh) is null)
            {
                return Wrong($"rates[{rate.Name}].pricePerKwh", rate.PricePerKwh, RateRight);
            }
        }

        return null;
    }

    private static Refusal? CheckRegisters(TariffDefinition d)
    {
        foreach (var (code, rate) in d.Registers)
        {
            if (RegisterCodes.RateOf(code) is null)
            {
                return Wrong("registers", code, RegisterCodes.RateRight);
            }

            if (rate is null || IndexOf(d.Rates, rate) < 0)
            {
                return Wrong($"registers[{code}]", rate, "the name of one of the tariff's rates");
            }
        }

        return null;
    }

    private static Refusal? CheckAmounts(TariffDefinition d)
    {
        if (PriceOf(d.LevyPerKwh) is null)
        {
            return Wrong("levyPerKwh", d.LevyPerKwh, PriceRight);
        }

        if (!Money.TryParse(d.StandingPerDay, out var standing) || standing.IsNegative || standing > Money.FromUnits(Limits.StandingPerDayMax))
        {
            return Wrong("standingPerDay", d.StandingPerDay, $"a decimal from 0 to {Limits.StandingPerDayMax} with at most nine decimals");
        }

        if (d.Schedule.Count > RulesMax)
        {
            return Wrong("schedule", d.Schedule.Count, $"at most {RulesMax} rules");
        }

        if (d.TaxBasisPoints is < 0 or > 10_000)
        {
            return Wrong("taxBasisPoints", d.TaxBasisPoints, "0 to 10000 (hundredths of a percent)");
        }

        if (Math.Max(d.Calendar.Holidays.Count, d.Calendar.MovedWorkdays.Count) > Limits.CalendarDaysMax)
        {
            return Wrong("calendar", Math.Max(d.Calendar.Holidays.Count, d.Calendar.MovedWorkdays.Count), $"at most {Limits.CalendarDaysMax} days");
        }

        return d.Calendar.Until is { } until && CalendarCoverage.LastListed(d.Calendar) is { } last && last > until
            ? Wrong("calendar.until", $"{until:yyyy-MM-dd}", $"{last:yyyy-MM-dd}, the last day that is listed, or later")
            : null;
    }

    private static Refusal? CheckRule(TariffDefinition d, RateRule r, int i)
    {
        if (IndexOf(d.Rates, r.Rate) < 0)
        {
            return Wrong($"schedule[{i}].rate", r.Rate, "the name of one of the tariff's rates");
        }

        if (MinuteOf(r.From) is null or MinutesOfDay)
        {
            return Wrong($"schedule[{i}].from", r.From, "HH:mm on a quarter hour");
        }

        if (MinuteOf(r.To) is null)
        {
            return Wrong($"schedule[{i}].to", r.To, "HH:mm on a quarter hour, or 24:00");
        }

        if (r.From == r.To)
        {
            return Wrong($"schedule[{i}].to", r.To, $"another time than from; the whole day is 00:00 to 24:00");
        }

        if ((r.SeasonFrom is null) != (r.SeasonTo is null) || (r.SeasonFrom is not null && (MonthDay(r.SeasonFrom) is null || MonthDay(r.SeasonTo) is null)))
        {
            return Wrong($"schedule[{i}].season", $"{r.SeasonFrom}..{r.SeasonTo}", "both MM-dd, or neither");
        }

        return r.Days.FirstOrDefault(t => !DayKinds.IsName(t)) is { } wrong ? Wrong($"schedule[{i}].days", wrong, DayKinds.Right) : null;
    }

    /// <summary>A price of zero or more; null for what is none.</summary>
    internal static Price? PriceOf(string? text) => RateOf(text) is { MicroPerKwh: >= 0 } price ? price : null;

    /// <summary>The price of a rate, which may lie below zero; null for what is none.</summary>
    internal static Price? RateOf(string? text)
    {
        var max = Money.FromUnits(Limits.PriceMax);
        return Money.TryParse(text, out var money) && money.Nano % 1000 == 0 && money <= max && money >= -max ? new Price(money.Nano / 1000) : null;
    }

    internal static int? MinuteOf(string? text)
    {
        if (text == "24:00")
        {
            return MinutesOfDay;
        }

        return TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var t) && t.Minute % 15 == 0
            ? (t.Hour * 60) + t.Minute
            : null;
    }

    internal static int? MonthDay(string? text) =>
        DateOnly.TryParseExact("2000-" + text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var d) ? (d.Month * 100) + d.Day : null;

    private static int IndexOf(IReadOnlyList<RateDefinition> rates, string name)
    {
        for (var i = 0; i < rates.Count; i++)
        {
            if (rates[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    internal static Refusal Wrong(string field, object? value, string right) =>
        new(TariffRefusals.Invalid, $"{field}: '{value}' is not {right}.");

    private sealed record CompiledRule(int Rate, int From, int To, int? SeasonFrom, int? SeasonTo, int Days)
    {
        public static CompiledRule Of(RateRule r, int rate) =>
            new(rate, MinuteOf(r.From)!.Value, MinuteOf(r.To)!.Value, r.SeasonFrom is null ? null : MonthDay(r.SeasonFrom),
                r.SeasonTo is null ? null : MonthDay(r.SeasonTo), DayKinds.MaskOf(r.Days));

        public bool Fits(int day, int kind, int minute) => (Days & kind) != 0 && FitsTime(minute) && FitsSeason(day);

        private bool FitsTime(int minute) => From < To ? minute >= From && minute < To : minute >= From || minute < To;

        private bool FitsSeason(int day)
        {
            if (SeasonFrom is not { } from || SeasonTo is not { } to)
            {
                return true;
            }

            var date = DateOnly.FromDayNumber(day);
            var at = (date.Month * 100) + date.Day;
            return from <= to ? at >= from && at <= to : at >= from || at <= to;
        }
    }
}
