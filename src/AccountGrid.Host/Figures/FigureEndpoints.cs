using AccountGrid.Host.Csv;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Figures;

/// <summary>The company's figures.</summary>
internal static class FigureEndpoints
{
    private static readonly string[] Columns = ["group", "currency", "name", "detail", "count", "amount", "value", "low", "high"];

    public static void MapFigures(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/figures").WithTags("Figures").ProducesProblem(401);
        g.MapGet("/", ReadAsync).RequireAuthorization(Permissions.QueryAll)
            .WithSummary("Figures of billing, collection, supply and service in a period, as JSON or with format=csv the same rows as CSV.")
            .Produces<FiguresAnswer>().Produces<string>(200, "text/csv").ProducesProblem(400);
        g.MapPost("/rebuild", RebuildAsync).RequireAuthorization(Permissions.Administer)
            .WithSummary("Forgets all sums and counts them anew, with the same result. Figures are incomplete until that is done.").Produces(202);
    }

    private static async Task<IResult> ReadAsync(
        DateOnly? from, DateOnly? to, string? month, string? by, string? area, string? @class, string? format, FigureReader figures)
    {
        var (query, wrong) = FigureQuery.Read(from, to, month, by, area, @class);
        if (wrong is not null)
        {
            return Problems.Of(wrong);
        }

        if (format is not (null or "json" or "csv"))
        {
            return Problems.Of(RequestRefusals.Invalid, $"format: '{format}' is not json or csv.");
        }

        var answer = await figures.ReadAsync(query!);
        return format == "csv"
            ? CsvText.Answer(Columns, answer.Rows.Select(r => new object?[]
            {
                r.Group, r.Currency, r.Name, r.Detail, r.Count, r.Amount, r.Value, r.Low, r.High,
            }))
            : TypedResults.Ok(answer);
    }

    private static async Task<IResult> RebuildAsync(FigureProjector projector)
    {
        await projector.ForgetAsync();
        return TypedResults.Accepted((string?)null);
    }
}
