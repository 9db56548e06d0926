using System.Globalization;
using AccountGrid.Host.Http;
using CsvHelper;

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
        return format == "csv" ? TypedResults.Text(Csv(answer), "text/csv; charset=utf-8") : TypedResults.Ok(answer);
    }

    private static async Task<IResult> RebuildAsync(FigureProjector projector)
    {
        await projector.ForgetAsync();
        return TypedResults.Accepted((string?)null);
    }

    private static string Csv(FiguresAnswer answer)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = new CsvWriter(text, CultureInfo.InvariantCulture))
        {
            foreach (var column in Columns)
            {
                csv.WriteField(column);
            }

            foreach (var r in answer.Rows)
            {
                csv.NextRecord();
                csv.WriteField(r.Group);
                csv.WriteField(r.Currency);
                csv.WriteField(r.Name);
                csv.WriteField(r.Detail);
                csv.WriteField(r.Count);
                csv.WriteField(r.Amount);
                csv.WriteField(r.Value);
                csv.WriteField(r.Low);
                csv.WriteField(r.High);
            }

            csv.NextRecord();
        }

        return text.ToString();
    }
}
