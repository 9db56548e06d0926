using AccountGrid.Domain.Rating;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Rating;

internal static partial class TariffEndpoints
{
    public static void MapTariffs(this IEndpointRouteBuilder routes)
    {
        var tariffs = routes.MapGroup("/v1/tariffs").WithTags("Tariffs").ProducesProblem(401);
        tariffs.MapPost("/", RegisterAsync).RequireAuthorization(Permissions.Administer)
            .WithSummary("Registers a tariff version; a version never changes. A further version of a product takes effect for all accounts on it.")
            .Produces<TariffAnswer>(201).ProducesProblem(409).ProducesProblem(422);
        tariffs.MapGet("/", ListAsync).RequireAuthorization(Permissions.Query)
            .WithSummary("All tariff versions, each with its state: a withdrawn one never holds.").Produces<Page<ListedTariff>>();
        tariffs.MapGet("/{id}", GetAsync).RequireAuthorization(Permissions.Query).WithSummary("A product with its versions and their days.")
            .Produces<ProductAnswer>().ProducesProblem(404);
        tariffs.MapPost("/{id}/versions/{version}/withdrawal", WithdrawAsync).RequireAuthorization(Permissions.Administer)
            .WithSummary("Withdraws a version before it begins: it never holds.").Produces<ProductAnswer>().ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> GetAsync(string id, TariffCatalog tariffs, TimeProvider time)
    {
        await tariffs.LoadAllAsync();
        return !InternalTariffs.Is(id) && tariffs.ProductOf(id) is { } product
            ? TypedResults.Ok(AnswerOf(id, product, time))
            : Problems.Of(TariffRefusals.Unknown, $"id: there is no product '{id}'.");
    }

    private static async Task<IResult> WithdrawAsync(string id, int version, ProductAnnouncements announcements, PublishingRule rule, TimeProvider time)
    {
        if (rule.RefuseOne("tariff-withdrawal") is { } one)
        {
            return Problems.Of(one);
        }

        var (tariff, refusal) = await announcements.WithdrawAsync(id, version);
        return refusal is null ? TypedResults.Ok(AnswerOf(id, tariff!.Product, time)) : Problems.Of(refusal);
    }

    private static ProductAnswer AnswerOf(string id, TariffProduct product, TimeProvider time)
    {
        var today = product.Versions[0].Tariff.Calendar.DayOf(time.GetUtcNow().ToUnixTimeMilliseconds());
        return new(id, [.. product.Versions.Select(v => ProductVersionAnswer.Of(v, today))]);
    }

    private static async Task<IResult> RegisterAsync(
        TariffDefinition body, ProductAnnouncements announcements, PublishingRule rule, TimeProvider time, ILogger<TariffCatalog> logger)
    {
        if (rule.RefuseOne("tariff") is { } one)
        {
            return Problems.Of(one);
        }

        if (InternalTariffs.Is(body.Id))
        {
            return Problems.Of(TariffRefusals.Invalid, $"id: '{body.Id}' begins with {InternalTariffs.Prefix}, which is kept for the grid's own tariffs.");
        }

        var (tariff, created, refusal) = await announcements.AnnounceAsync(body);
        if (refusal is not null)
        {
            return Problems.Of(refusal);
        }

        var warnings = HolidayWarnings.Of(tariff!.Definition, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
        foreach (var warning in warnings)
        {
            Warned(logger, body.Id, body.Version, warning.Code, warning.Detail);
        }

        var answer = new TariffAnswer(tariff.Definition, warnings);
        return created ? TypedResults.Created("/v1/tariffs", answer) : TypedResults.Ok(answer);
    }

    private static async Task<IResult> ListAsync(int? limit, string? cursor, TariffCatalog tariffs, TimeProvider time)
    {
        await tariffs.LoadAllAsync();
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        return TypedResults.Ok(Pages.OfShort<ListedTariff>(
            [.. tariffs.All.Where(t => !InternalTariffs.Is(t.Definition.Id)).Select(t => new ListedTariff(
                t.Definition, ProductVersionAnswer.Of(t.Product.Versions.First(v => v.Tariff == t), t.Calendar.DayOf(nowMs)).State))],
            limit, cursor, t => $"{t.Id} {t.Version}"));
    }

    [LoggerMessage(6009, LogLevel.Warning, "Tariff {Tariff}, version {Version}, was registered: {Code}: {Detail}")]
    private static partial void Warned(ILogger logger, string tariff, int version, string code, string detail);
}
