namespace AccountGrid.Domain.Rating;

/// <summary>Checks a price series, the part of a tariff that follows one, and prices as they are published.</summary>
public static class PriceSeriesCheck
{
    private const string ResolutionRight = "15 or 60";

    /// <summary>The first thing that is wrong with a series; null where nothing is.</summary>
    public static Refusal? Check(PriceSeriesDefinition d)
    {
        var currency = d.Currency is null || Currencies.DigitsOf(d.Currency) is null;
        return !Ids.IsValid(d.Id) ? Wrong("id", d.Id, Ids.Right)
            : currency ? Wrong("currency", d.Currency, "a code of ISO 4217 in upper case, such as EUR")
            : string.IsNullOrEmpty(d.Zone) || LocalCalendar.Find(d.Zone) is null ? Wrong("zone", d.Zone,
                $"an IANA zone as the zone database spells it, such as {(d.Zone is null ? null : LocalCalendar.SpellingOf(d.Zone)) ?? "Europe/Berlin"}")
            : d.ResolutionMinutes is not (15 or 60) ? Wrong("resolutionMinutes", d.ResolutionMinutes, ResolutionRight)
            : d.Per is not ("kWh" or "MWh") ? Wrong("per", d.Per, "kWh or MWh")
            : TariffCompiler.RateOf(d.FallbackPerKwh) is null ? Wrong("fallbackPerKwh", d.FallbackPerKwh, TariffCompiler.RateRight)
            : null;
    }

    /// <summary>A published price in 10^-6 units per kWh; null where the text is none of the series.</summary>
    public static long? MicroOf(PriceSeriesDefinition series, string? text)
    {
        // A price of 10^-3 a MWh is 10^-6 a kWh.
        var unit = series.Per == "MWh" ? 1_000_000L : 1_000L;
        var max = MaxOf(series) * Money.NanoPerUnit;
        return Money.TryParse(text, out var price) && price.Nano % unit == 0 && price.Nano <= max && price.Nano >= -max ? price.Nano / unit : null;
    }

    /// <summary>What <see cref="MicroOf"/> takes.</summary>
    public static string PriceRight(PriceSeriesDefinition series) => series.Per == "MWh"
        ? $"a decimal price per MWh from -{MaxOf(series)} to {MaxOf(series)} with at most three decimals" : $"{TariffCompiler.RateRight}, per kWh";

    /// <summary>Largest price as it is published: 10^7 a kWh, or 10^9 a MWh, which is what text of money can say.</summary>
    private static long MaxOf(PriceSeriesDefinition series) => series.Per == "MWh" ? Limits.PriceMax * 100L : Limits.PriceMax;

    /// <summary>A price as it is published: the inverse of <see cref="MicroOf"/>.</summary>
    public static string TextOf(PriceSeriesDefinition series, long micro)
    {
        var digits = series.Per == "MWh" ? 3 : 6;
        return (new decimal(micro) / (series.Per == "MWh" ? 1_000 : 1_000_000)).ToString($"F{digits}", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>What is wrong with the part of a tariff that follows a series; null where it has none, or nothing is.</summary>
    internal static Refusal? Check(TariffDefinition tariff)
    {
        if (tariff.Dynamic is not { } d)
        {
            return null;
        }

        Refusal? Price(string field, string? text) =>
            TariffCompiler.RateOf(text) is null ? TariffCompiler.Wrong($"dynamic.{field}", text, TariffCompiler.RateRight) : null;
        var refusal = !Ids.IsValid(d.Series) ? TariffCompiler.Wrong("dynamic.series", d.Series, Ids.Right)
            : d.ResolutionMinutes is not (15 or 60) ? TariffCompiler.Wrong("dynamic.resolutionMinutes", d.ResolutionMinutes, ResolutionRight)
            : TariffCompiler.PriceOf(d.Factor) is not { MicroPerKwh: <= DynamicPrices.FactorMax * 1_000_000L }
                ? TariffCompiler.Wrong("dynamic.factor", d.Factor, $"a decimal from 0 to {DynamicPrices.FactorMax} with at most six decimals")
            : Price("surchargePerKwh", d.SurchargePerKwh) ?? Price("floorPerKwh", d.FloorPerKwh) ?? Price("capPerKwh", d.CapPerKwh);
        return refusal ?? CheckBounds(tariff, d);
    }

    private static Refusal? CheckBounds(TariffDefinition tariff, DynamicDefinition d)
    {
        long Micro(string text) => TariffCompiler.RateOf(text)!.Value.MicroPerKwh;
        var (floor, cap, rates) = (Micro(d.FloorPerKwh), Micro(d.CapPerKwh), tariff.Rates.Max(r => Math.Abs(Micro(r.PricePerKwh))));
        return floor > cap ? TariffCompiler.Wrong("dynamic.floorPerKwh", d.FloorPerKwh, $"{d.CapPerKwh}, the cap, or less")
            : Math.Max(Math.Abs(floor), Math.Abs(cap)) + rates > Limits.PriceMax * 1_000_000L
                ? TariffCompiler.Wrong("dynamic.capPerKwh", d.CapPerKwh, $"within {Limits.PriceMax} together with the tariff's rates, nor is the floor")
            : tariff.Registers.Count > 0 ? TariffCompiler.Wrong("registers", string.Join(",", tariff.Registers.Keys),
                "empty: rate registers do not say in which interval energy was used")
            : d.ResolutionMinutes == 60 && tariff.Schedule.FirstOrDefault(r => !IsFullHour(r.From) || !IsFullHour(r.To)) is { } rule
                ? TariffCompiler.Wrong("schedule", $"{rule.From} to {rule.To}", "on full hours, as the series' intervals are")
            : null;
    }

    private static bool IsFullHour(string? time) => time?.EndsWith(":00", StringComparison.Ordinal) == true;

    private static Refusal Wrong(string field, object? value, string right) => new(PriceRefusals.SeriesInvalid, $"{field}: '{value}' is not {right}.");
}
