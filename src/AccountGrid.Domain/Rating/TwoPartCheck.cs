namespace AccountGrid.Domain.Rating;

/// <summary>Whether capacity charge, demand charge and power factor of a tariff are right, by themselves and together.</summary>
internal static class TwoPartCheck
{
    private const int StepsMax = 101;

    private static readonly string PriceRight = $"a decimal from 0 to {Limits.CapacityPriceMax} with at most six decimals";

    public static Refusal? Check(TariffDefinition d) => CheckTogether(d) ?? Check(d.Capacity) ?? Check(d.Demand) ?? Check(d, d.PowerFactor);

    /// <summary>A decimal from 0 to 10 with at most two decimals, in hundredths; null for what is none.</summary>
    internal static int? HundredthsOf(string? text) =>
        Money.TryParse(text, out var money) && money.Nano is >= 0 and <= 10L * Money.NanoPerUnit && money.Nano % (Money.NanoPerUnit / 100) == 0
            ? (int)(money.Nano / (Money.NanoPerUnit / 100))
            : null;

    private static Refusal? CheckTogether(TariffDefinition d)
    {
        var name = d.Capacity is not null ? "capacity" : d.Demand is not null ? "demand" : d.PowerFactor is not null ? "powerFactor" : null;
        return name is null ? null
            : d is { Capacity: not null, Demand: not null } ? TariffCompiler.Wrong("demand", "with capacity", "one of the two")
            : d.Tiers?.Per == "year" ? TariffCompiler.Wrong(name, "with tiers per year", "a charge by month beside tiers per month, or none")
            : d.EffectiveFrom is { Day: not 1 } from
                ? TariffCompiler.Wrong("effectiveFrom", $"{from:yyyy-MM-dd}", $"the first day of a month: a month has one {name}")
            : d is { PowerFactor: not null, Tiers: not null } ? TariffCompiler.Wrong("powerFactor", "with tiers",
                "a tariff without tiers: what a tier adds belongs to no meter")
            : d is { PowerFactor: not null, Export.NetMetering: not null } ? TariffCompiler.Wrong("powerFactor", "with export.netMetering",
                "feedIn: what export is taken off has no charge that a power factor could be on")
            : null;
    }

    private static Refusal? Check(CapacityDefinition? capacity) => capacity is null ? null
        : !IsPrice(capacity.PricePerMonth) ? TariffCompiler.Wrong("capacity.pricePerMonth", capacity.PricePerMonth, PriceRight)
        : capacity.Unit is not ("kVA" or "kW") ? TariffCompiler.Wrong("capacity.unit", capacity.Unit, "kVA or kW")
        : CheckPart("capacity", capacity.PartOfMonth);

    private static Refusal? Check(DemandDefinition? demand) => demand is null ? null
        : !IsPrice(demand.PricePerMonth) ? TariffCompiler.Wrong("demand.pricePerMonth", demand.PricePerMonth, PriceRight)
        : demand.IntervalMinutes is not (15 or 30 or 60) ? TariffCompiler.Wrong("demand.intervalMinutes", demand.IntervalMinutes, "15, 30 or 60")
        : demand.MinimumPercent is < 0 or > 100 ? TariffCompiler.Wrong("demand.minimumPercent", demand.MinimumPercent, "0 to 100")
        : demand.SurchargeAbovePercent is < 100 or > 1_000
            ? TariffCompiler.Wrong("demand.surchargeAbovePercent", demand.SurchargeAbovePercent, "100 to 1000")
        : HundredthsOf(demand.SurchargeFactor) is not >= 100
            ? TariffCompiler.Wrong("demand.surchargeFactor", demand.SurchargeFactor, "a decimal from 1 to 10 with at most two decimals")
        : demand.SurchargeAbovePercent is null && HundredthsOf(demand.SurchargeFactor) != 100
            ? TariffCompiler.Wrong("demand.surchargeFactor", demand.SurchargeFactor, "1 without surchargeAbovePercent")
        : CheckPart("demand", demand.PartOfMonth);

    private static Refusal? CheckPart(string name, string? part) => part is "calendar" or "thirtieths"
        ? null
        : TariffCompiler.Wrong($"{name}.partOfMonth", part, "calendar or thirtieths");

    private static Refusal? Check(TariffDefinition d, PowerFactorDefinition? factor)
    {
        if (factor is null)
        {
            return null;
        }

        if (factor.On is not { Count: > 0 } || factor.On.Distinct().Count() != factor.On.Count
            || factor.On.Any(n => n is not ("energy" or "capacity" or "standing")))
        {
            return TariffCompiler.Wrong("powerFactor.on", string.Join(",", factor.On ?? []), "energy, capacity or standing, each at most once");
        }

        if (factor.On.Contains("capacity") && d is { Capacity: null, Demand: null })
        {
            return TariffCompiler.Wrong("powerFactor.on", "capacity", "a charge that the tariff has: give capacity or demand");
        }

        if (factor.Steps is not { Count: > 0 and <= StepsMax } || factor.Steps.Any(s => s is null))
        {
            return TariffCompiler.Wrong("powerFactor.steps", factor.Steps?.Count ?? 0, $"1 to {StepsMax} steps");
        }

        foreach (var (i, step) in factor.Steps.Index())
        {
            if (HundredthsOf(step.From) is not <= 100)
            {
                return TariffCompiler.Wrong($"powerFactor.steps[{i}].from", step.From, "a decimal from 0.00 to 1.00 with two decimals");
            }

            if (step.BasisPoints is < -10_000 or > 20_000)
            {
                return TariffCompiler.Wrong($"powerFactor.steps[{i}].basisPoints", step.BasisPoints, "-10000 to 20000 (hundredths of a percent)");
            }
        }

        return CheckTable(factor);
    }

    private static Refusal? CheckTable(PowerFactorDefinition factor)
    {
        var steps = factor.Steps.Select(s => (From: HundredthsOf(s.From)!.Value, s.BasisPoints)).OrderByDescending(s => s.From).ToList();
        if (steps.Select(s => s.From).Distinct().Count() != steps.Count || steps[^1].From != 0)
        {
            return TariffCompiler.Wrong("powerFactor.steps.from", string.Join(",", factor.Steps.Select(s => s.From)), "distinct factors, of which one is 0.00");
        }

        return HundredthsOf(factor.Standard) is not (>= 1 and <= 100 and var standard) || steps.First(s => s.From <= standard).BasisPoints != 0
            ? TariffCompiler.Wrong("powerFactor.standard", factor.Standard, "a decimal from 0.01 to 1.00 whose step has 0 basis points")
            : null;
    }

    private static bool IsPrice(string? text) => TariffCompiler.PriceOf(text) is { } price && price.MicroPerKwh <= Limits.CapacityPriceMax * 1_000_000L;
}
