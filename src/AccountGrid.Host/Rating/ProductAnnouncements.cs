using AccountGrid.Domain;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Host.Rating;

/// <summary>Announces and withdraws versions of products, by the rules of <see cref="ProductRules"/>.</summary>
internal sealed class ProductAnnouncements(TariffCatalog tariffs, IPriceNotice notice, TimeProvider time)
{
    /// <summary>Registers a version: the first of a product from any day on, a further one after the notice that policy packs ask for.</summary>
    public async Task<(Tariff? Tariff, bool Created, Refusal? Refusal)> AnnounceAsync(TariffDefinition definition)
    {
        var now = time.GetUtcNow();
        var days = await notice.DaysAsync(definition.Currency ?? "", DateOnly.FromDateTime(now.UtcDateTime));
        return await tariffs.RegisterAsync(
            definition,
            product => (ProductRules.RefuseNew(definition, product, days, now.ToUnixTimeMilliseconds()),
                product is null ? 0 : now.ToUnixTimeMilliseconds() + Limits.TariffKnownMs));
    }

    /// <summary>Withdraws a version that has not begun.</summary>
    public Task<(Tariff? Tariff, Refusal? Refusal)> WithdrawAsync(string id, int version)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        return tariffs.WithdrawAsync(id, version, t => ProductRules.RefuseWithdrawal(t, nowMs), nowMs + Limits.TariffKnownMs);
    }
}
