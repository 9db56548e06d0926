using AccountGrid.Domain.Rating;
using AccountGrid.Host.Http;
using AccountGrid.Host.Rating;

namespace AccountGrid.Host.Prices;

/// <summary>Price series: creating them, publishing their prices, and reading both.</summary>
internal static class PriceSeriesEndpoints
{
    public static void MapPriceSeries(this IEndpointRouteBuilder routes)
    {
        var series = routes.MapGroup("/v1/price-series").WithTags("Tariffs").ProducesProblem(401);
        series.MapPost("/", CreateAsync).RequireAuthorization(Permissions.Administer)
            .WithSummary("Creates a price series; it never changes. The same content again is the same series.")
            .Produces<PriceSeriesDefinition>(201).ProducesProblem(409).ProducesProblem(422);
        series.MapGet("/", ListAsync).RequireAuthorization(Permissions.Query).WithSummary("All price series.")
            .Produces<Page<PriceSeriesDefinition>>();
        series.MapPost("/{id}/prices", PublishAsync).RequireAuthorization(Permissions.Administer)
            .WithSummary("Publishes prices of intervals, all or none; publishing again changes nothing. A price that is known changes with a reason, and with "
                + "a second person where its interval has begun.")
            .Produces<PublishedAnswer>().Produces<PriceCorrectionAnswer>(202).ProducesProblem(404).ProducesProblem(422);
        series.MapGet("/{id}/prices", PricesAsync).RequireAuthorization(Permissions.Query)
            .WithSummary("Prices by interval from a time on; a missing one is marked, with the average in its place.")
            .Produces<Page<PriceAnswer>>().ProducesProblem(400).ProducesProblem(404);
        series.MapGet("/{id}/publications/{number}", PublicationAsync).RequireAuthorization(Permissions.Query)
            .WithSummary("A publication: what a correction of a day names as its cause.").Produces<PricePublicationAnswer>().ProducesProblem(404);
        var corrections = routes.MapGroup("/v1/price-corrections").WithTags("Tariffs").RequireAuthorization(Permissions.Administer).ProducesProblem(401)
            .ProducesProblem(404);
        corrections.MapGet("/{id:guid}", CorrectionAsync).WithSummary("A correction of prices, with the hash that a second person agrees to.")
            .Produces<PriceCorrectionAnswer>();
        corrections.MapPost("/{id:guid}/agreement", AgreeAsync).WithSummary("A second person agrees to a correction of prices; then it is published.")
            .Produces<PriceCorrectionAnswer>().ProducesProblem(409).ProducesProblem(422);
    }

    private static async Task<IResult> CreateAsync(PriceSeriesDefinition body, HttpContext http, PricePublisher publisher)
    {
        var (created, refusal) = await publisher.CreateAsync(body, http.User.Person());
        return refusal is not null ? Problems.Of(refusal)
            : created ? TypedResults.Created($"/v1/price-series/{body.Id}", body)
            : TypedResults.Ok(body);
    }

    private static async Task<IResult> ListAsync(int? limit, string? cursor, PriceCatalog prices)
    {
        await prices.LoadAsync();
        return TypedResults.Ok(Pages.OfShort<PriceSeriesDefinition>([.. prices.Book.All.Select(s => s.Definition)], limit, cursor, s => s.Id));
    }

    private static async Task<IResult> PublishAsync(
        string id, PublishPricesRequest body, HttpContext http, PriceCatalog prices, PricePublisher publisher, PriceCorrectionStore corrections)
    {
        if (await FindAsync(id, prices) is not { } series)
        {
            return Unknown(id);
        }

        if (body.Prices is null || body.Prices.Any(p => p?.Price is null))
        {
            return Problems.Of(PriceRefusals.Invalid, "prices: null is not a list of rows, each with start and price.");
        }

        if (Requests.CheckText("reason", body.Reason) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        var person = http.User.Person();
        var (answer, refusal) = await publisher.PublishAsync(series, body, person, null);
        if (refusal?.Code == AccessRefusals.ApprovalNeeded)
        {
            var asked = await corrections.AskAsync(id, body, person, prices.Latest);
            return TypedResults.Accepted($"/v1/price-corrections/{asked.Id}", asked);
        }

        return refusal is not null ? Problems.Of(refusal) : TypedResults.Ok(answer);
    }

    private static async Task<IResult> PricesAsync(
        string id, DateTimeOffset? from, DateTimeOffset? to, int? limit, string? cursor, PriceCatalog prices, TimeProvider time)
    {
        if (await FindAsync(id, prices) is not { } series)
        {
            return Unknown(id);
        }

        // Today and tomorrow, as they are published the day before.
        var today = series.Calendar.DayOf(time.GetUtcNow().ToUnixTimeMilliseconds());
        var fromMs = from?.ToUnixTimeMilliseconds() ?? series.StartOf(today, 0);
        var toMs = to?.ToUnixTimeMilliseconds() ?? series.StartOf(series.Calendar.DayOf(fromMs) + 2, 0);
        var (take, tag) = (Requests.Limit(limit), ListCursor.Tag("prices", id, $"{fromMs}", $"{toMs}"));
        var place = ListCursor.Read(cursor, tag, 1) is { } after ? ListCursor.Number(after[0]) : fromMs;
        var page = PriceSeriesReader.Prices(series, place, toMs, take + 1);
        var isMore = page.Count > take;
        return TypedResults.Ok(new Page<PriceAnswer>(
            [.. page.Take(take)], isMore ? ListCursor.Of(tag, $"{page[take].Start.ToUnixTimeMilliseconds()}") : null, isMore));
    }

    private static async Task<IResult> PublicationAsync(string id, int number, PriceSeriesReader reader) =>
        await reader.PublicationAsync(id, number) is { } publication
            ? TypedResults.Ok(publication)
            : Problems.Of(PriceRefusals.SeriesUnknown, $"number: series '{id}' has no publication {number}.");

    private static async Task<IResult> CorrectionAsync(Guid id, PriceCorrectionStore corrections) =>
        await corrections.FindAsync(id) is { } correction ? TypedResults.Ok(correction) : UnknownCorrection(id);

    private static async Task<IResult> AgreeAsync(
        Guid id, PriceCorrectionAgreement body, HttpContext http, PriceCatalog prices, PricePublisher publisher, PriceCorrectionStore corrections)
    {
        if (await corrections.FindAsync(id) is not { } correction || await FindAsync(correction.Series, prices) is not { } series)
        {
            return UnknownCorrection(id);
        }

        if (!string.Equals(correction.Hash, body.Hash, StringComparison.OrdinalIgnoreCase))
        {
            return Problems.Of(AccessRefusals.ApprovalContentDiffers, $"hash: '{body.Hash}' is not that of correction {id}; GET shows it with its hash.");
        }

        var person = http.User.Person();
        if (!await corrections.AgreeAsync(id, person))
        {
            return Problems.Of(
                AccessRefusals.ApprovalNotPossible, $"Correction {id} was asked for by {correction.AskedBy}, or was agreed to by somebody else.");
        }

        if (correction.Publication is null)
        {
            var (answer, refusal) = await publisher.PublishAsync(series, correction.Body, correction.AskedBy, person);
            if (refusal is not null)
            {
                return Problems.Of(refusal);
            }

            if (answer!.Publication is { } number)
            {
                await corrections.FinishAsync(id, number);
            }
        }

        return TypedResults.Ok(await corrections.FindAsync(id));
    }

    private static async Task<PriceSeries?> FindAsync(string id, PriceCatalog prices)
    {
        await prices.LoadAsync();
        return prices.Book.Find(id);
    }

    private static IResult Unknown(string id) => Problems.Of(PriceRefusals.SeriesUnknown, $"id: there is no price series '{id}'.");

    private static IResult UnknownCorrection(Guid id) => Problems.Of(PriceRefusals.SeriesUnknown, $"id: there is no correction '{id}' of prices.");
}
