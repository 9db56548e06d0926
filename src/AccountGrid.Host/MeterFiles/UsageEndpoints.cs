using AccountGrid.Host.Database;
using AccountGrid.Host.Exports;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.MeterFiles;

/// <summary>An account's usage as a file.</summary>
internal static class UsageEndpoints
{
    private const string Formats = "espi, meter-readings, csv or parquet";

    public static void MapUsage(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/accounts/{id}/usage", ReadAsync).WithTags("Accounts").RequireAuthorization(Permissions.Query)
            .WithSummary("Readings and the energy between them as a file, of up to 366 days.")
            .WithDescription($"format is {Formats}: Green Button (the default), MeterReadings of IEC 61968-9 with registers, CSV, or Parquet.")
            .Produces<string>(200, EspiWriter.ContentType, MeterReadingsWriter.ContentType, "text/csv", ParquetExport.ContentType)
            .ProducesProblem(404).ProducesProblem(422);

    private static async Task<IResult> ReadAsync(string id, string? format, DateOnly? from, DateOnly? to, GridDirectory directory, UsageReader reader,
        DataFolder data)
    {
        if (format is not (null or "espi" or "meter-readings" or "csv" or "parquet"))
        {
            return Problems.Of(RequestRefusals.Invalid, $"format: '{format}' is not {Formats}.");
        }

        if (await directory.FindAccountAsync(id) is not { } address)
        {
            return Problems.UnknownAccount(id);
        }

        var (usage, refusal) = await reader.ReadAsync(address, from, to);
        return refusal is not null ? Problems.Of(refusal)
            : usage is null ? Problems.UnknownAccount(id)
            : format == "csv" ? TypedResults.Text(UsageCsv.Write(usage), UsageCsv.ContentType)
            : format == "parquet" ? await ExportFile.AnswerAsync(UsageTable.Of(usage), format, "usage", data)
            : format == "meter-readings" ? TypedResults.Bytes(MeterReadingsWriter.Write(usage), MeterReadingsWriter.ContentType)
            : TypedResults.Bytes(EspiWriter.Write(usage), EspiWriter.ContentType);
    }
}
