using AccountGrid.Domain;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.Exports;

/// <summary>What lies in tables, of all accounts, as files for other programs.</summary>
internal static class ExportEndpoints
{
    /// <summary>Longest span of entries and bills, days.</summary>
    private const int DaysMax = 31;

    private const string Description =
        "format is csv (the default) or parquet. Money is in the currency of its row, instants are UTC, days are local days of the zone of their row; the "
            + "header of CSV and the metadata of Parquet say so of each column.";

    /// <summary>One export of a process at a time: each reads all partitions and fills a file.</summary>
    private static readonly SemaphoreSlim One = new(1);

    public static void MapExports(this IEndpointRouteBuilder routes)
    {
        var exports = routes.MapGroup("/v1/exports").WithTags("Exports").RequireAuthorization(Permissions.QueryAll)
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(422).ProducesProblem(429);
        exports.DisableRequestTimeout();
        exports.MapGet("/accounts", AccountsAsync).WithSummary("All accounts with customer and balance, some minutes old, as a file.")
            .WithDescription(Description).Produces<string>(200, "text/csv", ParquetExport.ContentType);
        exports.MapGet("/entries", EntriesAsync).WithSummary("Entries of the ledgers of all accounts that were made on up to 31 days by UTC, as a file.")
            .WithDescription(Description).Produces<string>(200, "text/csv", ParquetExport.ContentType);
        exports.MapGet("/bills", BillsAsync).WithSummary("Bills of all accounts that were made on up to 31 days by UTC, as a file.")
            .WithDescription(Description).Produces<string>(200, "text/csv", ParquetExport.ContentType);
    }

    private static Task<IResult> AccountsAsync(string? format, HttpContext http, ExportReader reader, DataFolder data, AuditTrail trail) =>
        SendAsync(reader.Accounts(http.RequestAborted), format, "accounts", http, data, trail);

    private static Task<IResult> EntriesAsync(
        string? format, DateOnly from, DateOnly to, HttpContext http, ExportReader reader, DataFolder data, AuditTrail trail) =>
        SpanProblem(from, to) ?? SendAsync(reader.Entries(from, to, http.RequestAborted), format, NameOf("entries", from, to), http, data, trail);

    private static Task<IResult> BillsAsync(
        string? format, DateOnly from, DateOnly to, HttpContext http, ExportReader reader, DataFolder data, AuditTrail trail) =>
        SpanProblem(from, to) ?? SendAsync(reader.Bills(from, to, http.RequestAborted), format, NameOf("bills", from, to), http, data, trail);

    private static string NameOf(string kind, DateOnly from, DateOnly to) =>
        $"{kind}-{Instants.DayToText(from.DayNumber)}-{Instants.DayToText(to.DayNumber)}";

    private static Task<IResult>? SpanProblem(DateOnly from, DateOnly to) => to.DayNumber - from.DayNumber is >= 0 and < DaysMax
        ? null
        : Task.FromResult<IResult>(Problems.Of(RequestRefusals.SpanInvalid,
            $"from, to: {Instants.DayToText(from.DayNumber)} to {Instants.DayToText(to.DayNumber)} is not a span of 1 to {DaysMax} days."));

    private static async Task<IResult> SendAsync(ExportTable table, string? format, string name, HttpContext http, DataFolder data, AuditTrail trail)
    {
        if (!ExportFile.IsFormat(format ??= "csv"))
        {
            return Problems.Of(RequestRefusals.Invalid, $"format: '{format}' is not {ExportFile.Formats}.");
        }

        if (!await One.WaitAsync(0))
        {
            http.Response.Headers.RetryAfter = "60";
            return Problems.Of(GridRefusals.Busy, "This process writes another export; ask again when it is done.");
        }

        try
        {
            // Who took all customers' money is kept, although it changes nothing.
            await trail.AddAsync("", http.User, "GET", $"{http.Request.Path}{http.Request.QueryString}", trail.HashOf([]), http.TraceIdentifier);
            return await ExportFile.AnswerAsync(table, format, name, data);
        }
        finally
        {
            One.Release();
        }
    }
}
