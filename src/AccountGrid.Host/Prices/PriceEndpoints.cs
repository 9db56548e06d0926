using AccountGrid.Host.Http;
using AccountGrid.Host.Rating;

namespace AccountGrid.Host.Prices;

/// <summary>How far customers were told of prices.</summary>
internal static class PriceEndpoints
{
    public static void MapPrices(this IEndpointRouteBuilder routes) => routes.MapGet("/v1/tariffs/{id}/versions/{version}/notices", NoticesAsync)
        .WithTags("Tariffs").RequireAuthorization(Permissions.Query)
        .WithSummary("How far customers have been told of a version of a product.")
        .Produces<PriceNoticesAnswer>().ProducesProblem(401).ProducesProblem(404);

    private static async Task<IResult> NoticesAsync(string id, int version, TariffCatalog tariffs, PriceNoticeStore store, TimeProvider time)
    {
        await tariffs.LoadAllAsync();
        if (InternalTariffs.Is(id) || await tariffs.FindAsync(id, version) is not { } tariff)
        {
            return Problems.Of(TariffRefusals.Unknown, $"version: there is no version {version} of product '{id}'.");
        }

        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var counts = await store.CountAsync(tariff.Number);
        var known = tariff.Product.Versions.First(v => v.Tariff == tariff);
        var state = known.WithdrawnMs is not null ? "withdrawn"
            : counts is { } c ? c.IsListed ? "listed" : "running"
            : known.KnownMs > nowMs || PriceNotifier.IsAnnounced(known, nowMs) ? "waiting" : "none";
        counts ??= new(0, false, 0, 0, 0, 0, 0, 0);
        return TypedResults.Ok(new PriceNoticesAnswer(
            id, version, tariff.Definition.EffectiveFrom, state, counts.AfterAccount, counts.Given, counts.Late, counts.WithoutPast, counts.Refused,
            counts.Withdrawn, counts.NotLeft));
    }
}
