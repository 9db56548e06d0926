namespace AccountGrid.Domain.Rating;

/// <summary>Whether levies and taxes are right, by themselves and together.</summary>
internal static class LevyTaxCheck
{
    /// <summary>Levies, and taxes, of one tariff: each has a line on a bill.</summary>
    private const int CountMax = 8;

    public static Refusal? Check(TariffDefinition d)
    {
        if (Math.Max(d.Levies.Count, d.Taxes.Count) > CountMax)
        {
            return TariffCompiler.Wrong(d.Levies.Count > CountMax ? "levies" : "taxes", Math.Max(d.Levies.Count, d.Taxes.Count), $"at most {CountMax}");
        }

        var names = d.Levies.Select(l => l.Name).Concat(d.Taxes.Select(t => t.Name)).ToList();
        if (names.Distinct().Count() != names.Count || names.Any(n => string.IsNullOrEmpty(n) || n.Length > Limits.IdMaxLength))
        {
            return TariffCompiler.Wrong("levies.name, taxes.name", string.Join(",", names), $"distinct names of 1 to {Limits.IdMaxLength} characters");
        }

        return d.Levies.Select((l, i) => Check(d, l, $"levies[{i}]")).FirstOrDefault(r => r is not null)
            ?? d.Taxes.Select((t, i) => Check(d, t, $"taxes[{i}]")).FirstOrDefault(r => r is not null)
            ?? CheckSums(d);
    }

    private static Refusal? Check(TariffDefinition d, LevyDefinition levy, string field)
    {
        if (TariffCompiler.PriceOf(levy.PerKwh) is null)
        {
            return TariffCompiler.Wrong($"{field}.perKwh", levy.PerKwh, TariffCompiler.PriceRight);
        }

        if (levy.AboveWh is < 0 or > Limits.RegisterMaxWh)
        {
            return TariffCompiler.Wrong($"{field}.aboveWh", levy.AboveWh, $"0 to {Limits.RegisterMaxWh}");
        }

        return levy.UpToWh is { } upTo && (upTo <= levy.AboveWh || upTo > Limits.RegisterMaxWh)
            ? TariffCompiler.Wrong($"{field}.upToWh", upTo, $"more than aboveWh, {levy.AboveWh}, and at most {Limits.RegisterMaxWh}")
            : CheckDays(d, levy.From, levy.Until, field);
    }

    private static Refusal? Check(TariffDefinition d, TaxDefinition tax, string field)
    {
        if (tax.BasisPoints is < 1 or > 10_000)
        {
            return TariffCompiler.Wrong($"{field}.basisPoints", tax.BasisPoints, "1 to 10000 (hundredths of a percent)");
        }

        return tax.On.FirstOrDefault(n => !LeviesAndTaxes.IsPart(n)) is { } wrong
            ? TariffCompiler.Wrong($"{field}.on", wrong, "energy, standing or levies")
            : CheckDays(d, tax.From, tax.Until, field);
    }

    /// <summary>A period has one set of levies and taxes: they begin and end at its borders.</summary>
    private static Refusal? CheckDays(TariffDefinition d, DateOnly? from, DateOnly? until, string field)
    {
        var perYear = d.Tiers?.Per == "year";
        bool IsBorder(DateOnly day) => day.Day == 1 && (!perYear || day.Month == 1);
        var elsewhere = "; on another day a new version of the tariff changes it";
        if (from is { } first && !IsBorder(first))
        {
            return TariffCompiler.Wrong($"{field}.from", $"{first:yyyy-MM-dd}", (perYear ? "the first day of a year" : "the first day of a month") + elsewhere);
        }

        if (until is { } last && (last == DateOnly.MaxValue || !IsBorder(last.AddDays(1))))
        {
            return TariffCompiler.Wrong($"{field}.until", $"{last:yyyy-MM-dd}", (perYear ? "the last day of a year" : "the last day of a month") + elsewhere);
        }

        return until < from ? TariffCompiler.Wrong($"{field}.until", $"{until:yyyy-MM-dd}", $"{from:yyyy-MM-dd} or later") : null;
    }

    /// <summary>Together they stay within what one levy, and one tax, may be: what a difference can cost is bounded by it.</summary>
    private static Refusal? CheckSums(TariffDefinition d)
    {
        var levies = d.Levies.Select(l => l.PerKwh).Append(d.LevyPerKwh).Sum(p => TariffCompiler.PriceOf(p)!.Value.MicroPerKwh);
        if (levies > Limits.PriceMax * 1_000_000L)
        {
            return TariffCompiler.Wrong("levies", new Money(levies * 1_000), $"at most {Limits.PriceMax} per kWh together, with levyPerKwh");
        }

        var taxes = d.TaxBasisPoints + d.Taxes.Where(t => !t.Included).Sum(t => t.BasisPoints);
        return taxes > 10_000 ? TariffCompiler.Wrong("taxes", taxes, "at most 10000 (hundredths of a percent) together, with taxBasisPoints") : null;
    }
}
