using AccountGrid.Domain.Rating;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Rating;

internal static class TariffEndpoints
{
    public static void MapTariffs(this IEndpointRouteBuilder routes)
    {
        var tariffs = routes.MapGroup("/v1/tariffs").WithTags("Tariffs").ProducesProblem(401);
        tariffs.MapPost("/", RegisterAsync).RequireAuthorization(Permissions.Administer).WithSummary("Registers a tariff version; a version never changes.")
            .Produces<TariffDefinition>(201).ProducesProblem(409).ProducesProblem(422);
        tariffs.MapGet("/", ListAsync).RequireAuthorization(Permissions.Query).WithSummary("All tariff versions.").Produces<IReadOnlyList<TariffDefinition>>();
    }

    private static async Task<IResult> RegisterAsync(TariffDefinition body, TariffCatalog tariffs)
    {
        if (InternalTariffs.Is(body.Id))
        {
            return Problems.Of(TariffRefusals.Invalid, $"id: '{body.Id}' begins with {InternalTariffs.Prefix}, which is kept for the grid's own tariffs.");
        }

        var (tariff, created, refusal) = await tariffs.RegisterAsync(body);
        if (refusal is not null)
        {
            return Problems.Of(refusal);
        }

        return created ? TypedResults.Created("/v1/tariffs", tariff!.Definition) : TypedResults.Ok(tariff!.Definition);
    }

    private static async Task<IResult> ListAsync(TariffCatalog tariffs)
    {
        await tariffs.LoadAllAsync();
        return TypedResults.Ok<IReadOnlyList<TariffDefinition>>([.. tariffs.All.Select(t => t.Definition).Where(d => !InternalTariffs.Is(d.Id))]);
    }
}
