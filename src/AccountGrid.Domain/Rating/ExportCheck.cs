namespace AccountGrid.Domain.Rating;

/// <summary>Whether what a tariff gives for exported energy is right.</summary>
internal static class ExportCheck
{
    /// <summary>Taxes of a feed-in tariff: each has a line on a bill.</summary>
    private const int TaxesMax = 4;

    public static Refusal? Check(TariffDefinition d) => d.Export switch
    {
        null => null,
        { FeedIn: { } feedIn, NetMetering: null } => Check(d, feedIn),
        { FeedIn: null, NetMetering: not null } when d.Dynamic is not null => TariffCompiler.Wrong("export.netMetering", "with dynamic",
            "feedIn: a kWh of a tariff that follows a price series has no price of its rate that export could be taken off"),
        { FeedIn: null, NetMetering: { } net } => Check(d, net),
        { FeedIn: null } => TariffCompiler.Wrong("export", "{}", "feedIn or netMetering"),
        _ => TariffCompiler.Wrong("export", "feedIn, netMetering", "one of the two"),
    };

    private static Refusal? Check(TariffDefinition d, FeedInDefinition feedIn)
    {
        if (feedIn.Prices is null || feedIn.Taxes is null || feedIn.Taxes.Any(t => t is null))
        {
            return TariffCompiler.Wrong("export.feedIn", "null", "without null");
        }

        if (TariffCompiler.RateOf(feedIn.PricePerKwh) is null)
        {
            return TariffCompiler.Wrong("export.feedIn.pricePerKwh", feedIn.PricePerKwh, TariffCompiler.RateRight);
        }

        foreach (var (rate, price) in feedIn.Prices)
        {
            if (!d.Rates.Any(r => r.Name == rate))
            {
                return TariffCompiler.Wrong("export.feedIn.prices", rate, "the name of one of the tariff's rates");
            }

            if (TariffCompiler.RateOf(price) is null)
            {
                return TariffCompiler.Wrong($"export.feedIn.prices[{rate}]", price, TariffCompiler.RateRight);
            }
        }

        return CheckTaxes(feedIn.Taxes);
    }

    private static Refusal? CheckTaxes(IReadOnlyList<ExportTaxDefinition> taxes)
    {
        if (taxes.Count > TaxesMax)
        {
            return TariffCompiler.Wrong("export.feedIn.taxes", taxes.Count, $"at most {TaxesMax}");
        }

        if (taxes.Select(t => t.Name).Distinct().Count() != taxes.Count || taxes.Any(t => string.IsNullOrEmpty(t.Name) || t.Name.Length > Limits.IdMaxLength))
        {
            return TariffCompiler.Wrong(
                "export.feedIn.taxes.name", string.Join(",", taxes.Select(t => t.Name)), $"distinct names of 1 to {Limits.IdMaxLength} characters");
        }

        foreach (var (i, tax) in taxes.Index())
        {
            if (tax.BasisPoints is < 1 or > 10_000)
            {
                return TariffCompiler.Wrong($"export.feedIn.taxes[{i}].basisPoints", tax.BasisPoints, "1 to 10000 (hundredths of a percent)");
            }
        }

        var (paid, withheld) = (taxes.Where(t => !t.Withheld).Sum(t => t.BasisPoints), taxes.Where(t => t.Withheld).Sum(t => t.BasisPoints));
        return Math.Max(paid, withheld) > 10_000
            ? TariffCompiler.Wrong("export.feedIn.taxes", Math.Max(paid, withheld), "at most 10000 (hundredths of a percent) paid, and withheld, together")
            : null;
    }

    private static Refusal? Check(TariffDefinition d, NetMeteringDefinition net)
    {
        if (net.Per is not ("rate" or "total" or "value"))
        {
            return TariffCompiler.Wrong("export.netMetering.per", net.Per, "rate, total or value");
        }

        if (d.Rates.FirstOrDefault(r => TariffCompiler.RateOf(r.PricePerKwh) is { MicroPerKwh: < 0 }) is { } below)
        {
            return TariffCompiler.Wrong($"rates[{below.Name}].pricePerKwh", below.PricePerKwh, "0 or more: what is netted would be paid for");
        }

        var perYear = d.Tiers?.Per == "year";
        if (net.SettledAfter is not { Count: > 0 } || net.SettledAfter.Distinct().Count() != net.SettledAfter.Count
            || net.SettledAfter.Any(m => perYear ? m != 12 : m is < 1 or > 12))
        {
            return TariffCompiler.Wrong("export.netMetering.settledAfter", string.Join(",", net.SettledAfter ?? []),
                perYear ? "12: tiers are per year, and a period ends with it" : "months from 1 to 12, at least one and each once");
        }

        return TariffCompiler.PriceOf(net.RestPricePerKwh) is null
            ? TariffCompiler.Wrong("export.netMetering.restPricePerKwh", net.RestPricePerKwh, TariffCompiler.PriceRight)
            : null;
    }
}
