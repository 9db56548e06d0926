using System.Globalization;
using AccountGrid.Host.Csv;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using CsvHelper;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>
/// A list as CSV: all rows that its filters find, and the columns of its page. Rows are read a page at a time into a file that no name leads to, and are sent
/// when all are there: the first line says how many, and a fault gives an error page and never half a list.
/// </summary>
/// <param name="Name">Of the file.</param>
/// <param name="Title">Of the list, as its page has it.</param>
/// <param name="Zone">In which its times are.</param>
/// <param name="Account">Whose trail says that the list was taken; empty is the grid's.</param>
internal sealed record ConsoleExport<TRow>(
    string Name, string Title, string Zone, string Account, IReadOnlyList<ConsoleColumn<TRow>> Columns, Func<TRow, string> Key)
{
    /// <summary>Most rows of an export; the first line says where there are more.</summary>
    private const int RowsMax = 100_000;

    /// <summary>Rows of one question to the API.</summary>
    private const int PageRows = 500;

    /// <param name="path">The list of the API with its filters.</param>
    public async Task<IResult> SendAsync(ConsolePage page, string path, params (string Name, string? Value)[] filters)
    {
        string? cursor = null;
        return await SendAsync(page, filters, async () =>
        {
            var query = filters.Append(("limit", ConsoleLinks.Text(PageRows))).Append(("cursor", cursor));
            var answer = await page.SendAsync("GET", ConsoleLinks.List(path, query));
            if (!answer.IsGood)
            {
                return (null, false, answer);
            }

            var found = answer.Read<Page<TRow>>();
            cursor = found.NextCursor;
            return (found.Data, cursor is not null, answer);
        });
    }

    /// <param name="read">The next rows, whether more follow, and the answer that they came with; null rows are a refusal.</param>
    public async Task<IResult> SendAsync(
        ConsolePage page, (string Name, string? Value)[] filters, Func<Task<(IReadOnlyList<TRow>? Rows, bool More, ConsoleAnswer Answer)>> read)
    {
        var began = page.Now;
        var file = page.Service<DataFolder>().Unnamed();
        try
        {
            var (count, keys, more, refused) = (0, new HashSet<string>(), true, (ConsoleAnswer?)null);
            await using (var text = new StreamWriter(file, new System.Text.UTF8Encoding(false), leaveOpen: true))
            await using (var csv = new CsvWriter(text, CultureInfo.InvariantCulture, leaveOpen: true))
            {
                Write(csv, Columns.Select(c => (object)CsvSafe.Of(c.Unit is null ? c.Head : $"{c.Head} ({c.Unit})")));
                while (more && refused is null && count < RowsMax)
                {
                    (var rows, more, var answer) = await read();
                    refused = rows is null ? answer : null;

                    // A row whose place changes while it is read can come twice.
                    foreach (var row in (rows ?? []).Where(r => keys.Add(Key(r))).Take(RowsMax - count))
                    {
                        Write(csv, Columns.Select(c => CellOf(c, row)));
                        count++;
                    }
                }
            }

            if (refused is not null)
            {
                await file.DisposeAsync();
                return ConsoleEndpoints.Refused(page, refused);
            }

            await page.AuditAsync(Account, $"{page.Here.Split('?')[0]} rows={count}{FiltersOf(filters)}");
            var name = string.Concat(Name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
            return new Answer(file, $"{name}-{began:yyyyMMdd-HHmm}Z.csv", FirstLine(page, filters, count, more, began));
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>What was taken, for the trail: filters with their values, but for names of people. Last, since the trail cuts what is long.</summary>
    private static string FiltersOf((string Name, string? Value)[] filters) => string.Concat(filters.Where(f => f.Value is not null).Select(
        f => $" {f.Name}={(f.Name == "owner" && f.Value is not ("me" or "none") ? "***" : Uri.EscapeDataString(f.Value!))}"));

    private static object CellOf(ConsoleColumn<TRow> column, TRow row) =>
        column.Number?.Invoke(row) is { } number ? number : CsvSafe.Of(column.Text(row) ?? "");

    private static void Write(CsvWriter csv, IEnumerable<object> cells)
    {
        foreach (var cell in cells)
        {
            csv.WriteField(Convert.ToString(cell, CultureInfo.InvariantCulture));
        }

        csv.NextRecord();
    }

    /// <summary>What the file holds, as one field: list, filters, zone, rows, and when it was read.</summary>
    private string FirstLine(ConsolePage page, (string Name, string? Value)[] filters, int count, bool more, DateTimeOffset began)
    {
        var parts = new List<string> { Title };
        parts.AddRange(filters.Where(f => f.Value is not null).Select(f => $"{f.Name}={f.Value}"));
        parts.Add(Zone);
        parts.Add($"{ConsoleLinks.Text(count)} {page.T["export.rows"]}");
        if (more)
        {
            parts.Add(page.T["export.more"]);
        }

        parts.Add($"{ConsoleFormat.Time(began, "UTC")} – {ConsoleFormat.Time(page.Now, "UTC")}");
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = new CsvWriter(text, CultureInfo.InvariantCulture))
        {
            Write(csv, [CsvSafe.Of(string.Join("; ", parts))]);
        }

        return text.ToString();
    }

    private sealed class Answer(FileStream file, string name, string first) : IResult
    {
        public async Task ExecuteAsync(HttpContext http)
        {
            await using (file)
            {
                byte[] head = [.. System.Text.Encoding.UTF8.Preamble, .. System.Text.Encoding.UTF8.GetBytes(first)];
                http.Response.ContentType = "text/csv; charset=utf-8";
                http.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
                http.Response.ContentLength = head.Length + file.Length;
                await http.Response.Body.WriteAsync(head, http.RequestAborted);
                file.Position = 0;
                await file.CopyToAsync(http.Response.Body, http.RequestAborted);
            }
        }
    }
}
