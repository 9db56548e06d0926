using AccountGrid.Domain;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Host.Rating;

/// <summary>Announces and withdraws versions of products, by the rules of <see cref="ProductRules"/>.</summary>
internal sealed class ProductAnnouncements(TariffCatalog tariffs, IPriceNotice notice, TimeProvider time)
{
    /// <summary>Registers a version: the first of a product from any day on, a further one after the notice that policy packs ask for.</summary>
    public async Task<(Tariff? Tariff, bool Created, Refusal? Refusal)> AnnounceAsync(TariffDefinition definition)
    {
        if (TariffCompiler.Compile(0, definition).Tariff is not null && await WrongSeriesAsync(definition) is { } wrong)
        {
            return (null, false, wrong);
        }

        var now = time.GetUtcNow();
        var days = await notice.DaysAsync(definition.Currency ?? "", DateOnly.FromDateTime(now.UtcDateTime));
        return await tariffs.RegisterAsync(
            definition,
            product => (ProductRules.RefuseNew(definition, product, days, now.ToUnixTimeMilliseconds()),
                product is null ? 0 : now.ToUnixTimeMilliseconds() + Limits.TariffKnownMs));
    }

    /// <summary>Why a version cannot be announced now; null where it can, or is announced already.</summary>
    public async Task<Refusal?> CheckAsync(TariffDefinition definition)
    {
        if (TariffCompiler.Compile(0, definition).Tariff is not null && await WrongSeriesAsync(definition) is { } wrong)
        {
            return wrong;
        }

        var now = time.GetUtcNow();
        var days = await notice.DaysAsync(definition.Currency ?? "", DateOnly.FromDateTime(now.UtcDateTime));
        var stop = new Refusal(TariffRefusals.Invalid, "");
        var (_, _, refusal) = await tariffs.RegisterAsync(
            definition, product => (ProductRules.RefuseNew(definition, product, days, now.ToUnixTimeMilliseconds()) ?? stop, 0));
        return ReferenceEquals(refusal, stop) ? null : refusal;
    }

    /// <summary>What is wrong with the series that a tariff follows; null where nothing is, or it follows none.</summary>
    private async Task<Refusal?> WrongSeriesAsync(TariffDefinition definition)
    {
        if (definition.Dynamic is not { } d)
        {
            return null;
        }

        await tariffs.Prices.LoadAsync();
        if (tariffs.Prices.Book.Find(d.Series) is not { Definition: var series })
        {
            return new(PriceRefusals.SeriesUnknown, $"dynamic.series: there is no price series '{d.Series}'.");
        }

        var (field, value, right) = series.Currency != definition.Currency ? ("currency", definition.Currency, series.Currency)
            : series.Zone != definition.Zone ? ("zone", definition.Zone, series.Zone)
            : series.ResolutionMinutes != d.ResolutionMinutes ? ("dynamic.resolutionMinutes", $"{d.ResolutionMinutes}", $"{series.ResolutionMinutes}")
            : ("", "", "");
        return field.Length == 0 ? null : new(TariffRefusals.Invalid, $"{field}: '{value}' is not {right}, as series '{d.Series}' has.");
    }

    /// <summary>Withdraws a version that has not begun.</summary>
    public Task<(Tariff? Tariff, Refusal? Refusal)> WithdrawAsync(string id, int version)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        return tariffs.WithdrawAsync(id, version, t => ProductRules.RefuseWithdrawal(t, nowMs), nowMs + Limits.TariffKnownMs);
    }
}
