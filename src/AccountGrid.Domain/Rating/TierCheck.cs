namespace AccountGrid.Domain.Rating;

/// <summary>Whether tiers are right by themselves.</summary>
internal static class TierCheck
{
    private static readonly string[] FirstPeriods = ["whole", "months", "days"];

    public static Refusal? Check(TierDefinition? t)
    {
        if (t is null)
        {
            return null;
        }

        if (t.Per is not ("month" or "year"))
        {
            return TariffCompiler.Wrong("tiers.per", t.Per, "month or year");
        }

        return CheckSteps("tiers.steps", t.Steps) ?? CheckSeasons(t) ?? CheckFirst(t) ?? CheckHousehold(t);
    }

    private static Refusal? CheckSteps(string field, IReadOnlyList<TierStep> steps)
    {
        if (steps.Count > Limits.TiersMax)
        {
            return TariffCompiler.Wrong(field, steps.Count, $"at most {Limits.TiersMax} steps");
        }

        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i].AboveWh is < 0 or > Limits.RegisterMaxWh || (i > 0 && steps[i].AboveWh <= steps[i - 1].AboveWh))
            {
                return TariffCompiler.Wrong($"{field}[{i}].aboveWh", steps[i].AboveWh, $"rising, from 0 to {Limits.RegisterMaxWh}");
            }

            if (TariffCompiler.PriceOf(steps[i].AdderPerKwh) is null)
            {
                return TariffCompiler.Wrong($"{field}[{i}].adderPerKwh", steps[i].AdderPerKwh, TariffCompiler.PriceRight);
            }
        }

        return null;
    }

    private static Refusal? CheckSeasons(TierDefinition t)
    {
        if (t.Seasons.Count > 0 && t.Per == "year")
        {
            return TariffCompiler.Wrong("tiers.seasons", t.Seasons.Count, "0 seasons, where tiers are per year");
        }

        var known = new HashSet<int>();
        for (var i = 0; i < t.Seasons.Count; i++)
        {
            if (t.Seasons[i].Months is not { Count: > 0 } months || months.Any(m => m is < 1 or > 12 || !known.Add(m)))
            {
                return TariffCompiler.Wrong(
                    $"tiers.seasons[{i}].months", string.Join(",", t.Seasons[i].Months), "one or more months, each from 1 to 12 and in one season once");
            }

            if (CheckSteps($"tiers.seasons[{i}].steps", t.Seasons[i].Steps) is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    private static Refusal? CheckFirst(TierDefinition t) =>
        !FirstPeriods.Contains(t.FirstPeriod) ? TariffCompiler.Wrong("tiers.firstPeriod", t.FirstPeriod, "whole, months or days")
        : t is { FirstPeriod: "months", Per: "month" } ? TariffCompiler.Wrong("tiers.firstPeriod", t.FirstPeriod, "whole or days, where tiers are per month")
        : null;

    private static Refusal? CheckHousehold(TierDefinition t)
    {
        if (t.HouseholdBase is < 0 or > Limits.HouseholdMax)
        {
            return TariffCompiler.Wrong("tiers.householdBase", t.HouseholdBase, $"0 to {Limits.HouseholdMax}");
        }

        if (t.ExtraWhFlat is < 0 or > Limits.RegisterMaxWh)
        {
            return TariffCompiler.Wrong("tiers.extraWhFlat", t.ExtraWhFlat, $"0 to {Limits.RegisterMaxWh}");
        }

        if (t.ExtraWhPerPerson is < 0 or > Limits.RegisterMaxWh)
        {
            return TariffCompiler.Wrong("tiers.extraWhPerPerson", t.ExtraWhPerPerson, $"0 to {Limits.RegisterMaxWh}");
        }

        if (t is { HouseholdBase: 0, ExtraWhFlat: > 0 } or { HouseholdBase: 0, ExtraWhPerPerson: > 0 })
        {
            return TariffCompiler.Wrong("tiers.householdBase", 0, "1 or more, where a larger household has more");
        }

        if (t.ProtectedFreeWh is < 0 or > Limits.RegisterMaxWh)
        {
            return TariffCompiler.Wrong("tiers.protectedFreeWh", t.ProtectedFreeWh, $"0 to {Limits.RegisterMaxWh}");
        }

        return TariffCompiler.PriceOf(t.FreePricePerKwh) is null
            ? TariffCompiler.Wrong("tiers.freePricePerKwh", t.FreePricePerKwh, TariffCompiler.PriceRight)
            : null;
    }
}
