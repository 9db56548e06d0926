namespace AccountGrid.Domain.Rating;

/// <summary>
/// When a further version of a product may be announced, and withdrawn. Pure: the product's versions, the pack's notice and the clock decide. (DOMAIN, tariffs;
/// issue 19: a change of price is announced at least as long before as the policy pack says.)
/// </summary>
public static class ProductRules
{
    /// <summary>
    /// The first local day on which a version may take effect that is announced on a day: so late that each customer can be told as long before as its pack
    /// asks for.
    /// </summary>
    /// <param name="noticeDays">What policy packs ask for, days; 0 is nothing.</param>
    public static int EarliestDay(int today, int noticeDays) =>
        today + Math.Max(Limits.TariffLeadDays, noticeDays == 0 ? 0 : noticeDays + Limits.PriceNoticeSendDays);

    /// <summary>Why a version may not be announced; null where it may. The first version of a product may begin on any day: no account is on it.</summary>
    /// <param name="product">Null where the product has no version.</param>
    /// <param name="noticeDays">Days of notice that the policy packs of its currency ask for, 0 and up.</param>
    public static Refusal? RefuseNew(TariffDefinition version, TariffProduct? product, int noticeDays, long nowMs)
    {
        var known = product?.Versions.Where(v => v.WithdrawnMs is null).ToList();
        if (known is not { Count: > 0 })
        {
            return null;
        }

        var (like, id) = (known[0].Tariff, version.Id);
        if (like.Definition.Currency != version.Currency || like.Definition.Zone != version.Zone)
        {
            var (field, value, right) = like.Definition.Currency != version.Currency
                ? ("currency", version.Currency, like.Definition.Currency)
                : ("zone", version.Zone, like.Definition.Zone);
            return new(TariffRefusals.Incompatible, $"{field}: '{value}' is not {right}, as the other versions of product {id} have; use another id.");
        }

        var mapped = version.Rates.Count == 1 ? [] : known.SelectMany(v => v.Tariff.Definition.Registers.Keys);
        if (mapped.Except(version.Registers.Keys).Order().FirstOrDefault() is { } lost)
        {
            return new(TariffRefusals.RegistersNotMapped,
                $"registers: '' has no rate for {lost}, as an earlier version of product {id} has; meters on the product may be charged by it.");
        }

        var earliest = EarliestDay(like.Calendar.DayOf(nowMs), noticeDays);
        if (version.EffectiveFrom is not { } from)
        {
            return new(TariffRefusals.AnnouncedLate,
                $"effectiveFrom: '' is not a day; a further version of product {id} takes effect on {Instants.DayToText(earliest)} or later.");
        }

        if (from.DayNumber < earliest)
        {
            return new(TariffRefusals.AnnouncedLate,
                $"effectiveFrom: '{from:yyyy-MM-dd}' is not {Instants.DayToText(earliest)} or later: a price is announced "
                    + $"{EarliestDay(0, noticeDays)} days before it takes effect.");
        }

        if (known.Find(v => v.FromDay == from.DayNumber) is { Tariff: { } other })
        {
            return new(TariffRefusals.DayTaken,
                $"effectiveFrom: '{from:yyyy-MM-dd}' is the first day of version {other.Definition.Version} of product {id} already; choose another day, or "
                    + "withdraw that version.");
        }

        return RefuseSplit(known.Find(v => v.FromDay < from.DayNumber).Tariff?.Definition, version, "effectiveFrom")
            ?? RefuseSplit(version, known.FindLast(v => v.FromDay > from.DayNumber).Tariff?.Definition, "effectiveFrom");
    }

    /// <summary>
    /// Why a version cannot follow another one on its first day; null where it can. A month has one maximum demand, one contract and one power factor.
    /// </summary>
    private static Refusal? RefuseSplit(TariffDefinition? before, TariffDefinition? after, string field) =>
        after?.EffectiveFrom is { Day: not 1 } from && before is { Capacity: not null } or { Demand: not null } or { PowerFactor: not null }
            ? new(TariffRefusals.TwoPart,
                $"{field}: version {after.Version} of product {after.Id} would begin on {from:yyyy-MM-dd}, within a month under version {before.Version}, "
                    + "which charges for capacity, demand or power factor and holds for whole months.")
            : null;

    /// <summary>Why a version may not be withdrawn; null where it may. One that is withdrawn already may be again.</summary>
    public static Refusal? RefuseWithdrawal(Tariff version, long nowMs)
    {
        var (product, d) = (version.Product, version.Definition);
        if (product.IsWithdrawn(version))
        {
            return null;
        }

        if (version.FromDay == int.MinValue || version.Calendar.StartOf(version.FromDay) < nowMs + Limits.TariffKnownMs)
        {
            return new(TariffRefusals.Begun,
                $"version: version {d.Version} of product {d.Id} has begun, or begins within {Limits.TariffKnownMs / Instants.MsPerHour} hours"
                    + $"{(d.EffectiveFrom is { } day ? $", on {day:yyyy-MM-dd}" : "")}; announce a further version.");
        }

        if (product.VersionOn(version.FromDay - 1) is not { } before)
        {
            return new(TariffRefusals.OnlyVersion, $"version: version {d.Version} is the first of product {d.Id}; without it accounts would have no price.");
        }

        var after = product.Versions.LastOrDefault(v => v.WithdrawnMs is null && v.FromDay > version.FromDay).Tariff;
        return RefuseSplit(before.Definition, after?.Definition, "version");
    }
}
