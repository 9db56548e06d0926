using System.Globalization;
using System.Text.Json;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Security;
using CsvHelper;
using CsvHelper.Configuration;

namespace AccountGrid.Host.Operations;

/// <summary>Something to register, and where in its file it stands ("row 3", "accounts[2]").</summary>
public sealed record ImportItem(string Place, string Path, object Body);

/// <summary>What an import came to. Unchanged items were there already, just so.</summary>
public sealed record ImportSummary(int Created, int Unchanged, IReadOnlyList<string> Errors);

/// <summary>
/// Reads tariffs, gateways, accounts and meters from a file. JSON: an object with lists <c>tariffs</c>, <c>accounts</c>, <c>meters</c> of the API's requests.
/// CSV: one kind per file, told by its columns; snake_case headers. Each row is judged alone.
/// </summary>
public static class ImportFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };

    /// <summary>Items in the order in which they depend on each other, and the rows that could not be read.</summary>
    public static (List<ImportItem> Items, List<string> Errors) Read(string path) =>
        path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? ReadJson(path) : ReadCsv(path);

    private static (List<ImportItem>, List<string>) ReadJson(string path)
    {
        var items = new List<ImportItem>();
        var errors = new List<string>();
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        var root = document.RootElement;
        Take<TariffDefinition>("tariffs", "/v1/tariffs");
        Take<OpenAccountRequest>("accounts", "/v1/accounts");
        Take<InstallMeterRequest>("meters", "/v1/meters");
        if (items.Count + errors.Count == 0)
        {
            errors.Add("the file: it has none of the lists 'tariffs', 'accounts', 'meters'.");
        }

        return (WithGateways(items), errors);

        void Take<T>(string list, string to)
        {
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(list, out var array) || array.ValueKind != JsonValueKind.Array)
            {
                return;
            }

            var index = 0;
            foreach (var element in array.EnumerateArray())
            {
                var place = $"{list}[{index++}]";
                try
                {
                    items.Add(new ImportItem(place, to, element.Deserialize<T>(Json) ?? throw new JsonException("null")));
                }
                catch (JsonException e)
                {
                    errors.Add($"{place}: import.invalid: {e.Message.ReplaceLineEndings(" ")}");
                }
            }
        }
    }

    private static (List<ImportItem>, List<string>) ReadCsv(string path)
    {
        var errors = new List<string>();
        using var text = new StreamReader(path);
        using var csv = new CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture) { MissingFieldFound = null, TrimOptions = TrimOptions.Trim, DetectDelimiter = true });
        csv.Read();
        csv.ReadHeader();
        var header = csv.HeaderRecord ?? [];
        Func<CsvRow, object>? read = header switch
        {
            _ when header.Contains("price_per_kwh") => null,
            _ when header.Contains("gateway") => Meter,
            _ when header.Contains("tariff") => Account,
            _ => throw new FormatException("the header: it is neither of tariffs (id, currency, zone, rate, price_per_kwh, ...), accounts (id, tariff, ...) nor meters (id, gateway, ...)."),
        };
        var rows = new List<(int Number, CsvRow Row)>();
        while (csv.Read())
        {
            rows.Add((csv.Parser.Row, new CsvRow(header.Where(h => !string.IsNullOrEmpty(csv.GetField(h))).ToDictionary(h => h, h => csv.GetField(h)!))));
        }

        var items = read is null ? Tariffs(rows, errors) : Each(rows, read, header.Contains("gateway") ? "/v1/meters" : "/v1/accounts", errors);
        return (WithGateways(items), errors);
    }

    private static List<ImportItem> Each(List<(int Number, CsvRow Row)> rows, Func<CsvRow, object> read, string path, List<string> errors)
    {
        var items = new List<ImportItem>();
        foreach (var (number, row) in rows)
        {
            try
            {
                items.Add(new ImportItem($"row {number}", path, read(row)));
            }
            catch (FormatException e)
            {
                errors.Add($"row {number}: import.invalid: {e.Message}");
            }
        }

        return items;
    }

    private static OpenAccountRequest Account(CsvRow r) => new(
        r.Text("id"), r.Text("tariff"), r.IntOrNull("tariff_version"), r.TextOr("mode", "prepaid"), r.DayOrNull("opened_on"), r.IntOrNull("household_size") ?? 0,
        r.TextOr("protected", "false") is "true" or "1" or "yes", r.TextOr("low_balance_levels", "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static InstallMeterRequest Meter(CsvRow r) => new(
        r.Text("id"), r.Text("gateway"), r.TextOrNull("account"), r.InstantOrNull("installed_at"), r.LongOr("register_wh", 0), r.LongOr("capacity_w", 0), r.LongOr("register_width_wh", 0),
        r.IntOrNull("interval_seconds") ?? 0);

    /// <summary>Rows of one id and version make one tariff: each a rate, with the hours it holds if it is not the first.</summary>
    private static List<ImportItem> Tariffs(List<(int Number, CsvRow Row)> rows, List<string> errors)
    {
        var items = new List<ImportItem>();
        foreach (var group in rows.GroupBy(r => (r.Row.TextOr("id", ""), r.Row.TextOr("version", "1"))))
        {
            try
            {
                var first = group.First().Row;
                items.Add(new ImportItem($"row {group.First().Number}", "/v1/tariffs", new TariffDefinition
                {
                    Id = first.Text("id"),
                    Version = first.IntOrNull("version") ?? 1,
                    Currency = first.Text("currency"),
                    Zone = first.Text("zone"),
                    StandingPerDay = first.TextOr("standing_per_day", "0"),
                    LevyPerKwh = first.TextOr("levy_per_kwh", "0"),
                    TaxBasisPoints = first.IntOrNull("tax_basis_points") ?? 0,
                    Rates = [.. group.Select(r => new RateDefinition(r.Row.Text("rate"), r.Row.Text("price_per_kwh"))).DistinctBy(r => r.Name)],
                    Schedule = [.. group.Where(r => r.Row.TextOrNull("from") is not null).Select(r => new RateRule { Rate = r.Row.Text("rate"), From = r.Row.Text("from"), To = r.Row.Text("to") })],
                }));
            }
            catch (FormatException e)
            {
                errors.Add($"row {group.First().Number}: import.invalid: {e.Message}");
            }
        }

        return items;
    }

    private static List<ImportItem> WithGateways(List<ImportItem> items)
    {
        var gateways = items.Select(i => i.Body).OfType<InstallMeterRequest>().Select(m => m.Gateway).Where(g => Requests.CheckId("gateway", g) is null).Distinct();
        return [.. gateways.Select(g => new ImportItem($"gateway {g}", "/v1/gateways", new GatewayRequest(g))), .. items];
    }

    private sealed class CsvRow(Dictionary<string, string> fields)
    {
        public string? TextOrNull(string name) => fields.GetValueOrDefault(name);

        public string TextOr(string name, string otherwise) => fields.GetValueOrDefault(name, otherwise);

        public string Text(string name) => fields.TryGetValue(name, out var text) ? text : throw new FormatException($"{name}: missing.");

        public int? IntOrNull(string name) => Parsed(name, "a whole number", t => int.TryParse(t, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : (int?)null);

        public long LongOr(string name, long otherwise) => Parsed(name, "a whole number", t => long.TryParse(t, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : (long?)null) ?? otherwise;

        public DateOnly? DayOrNull(string name) => Parsed(name, "a day as yyyy-MM-dd", t => DateOnly.TryParseExact(t, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var d) ? d : (DateOnly?)null);

        public DateTimeOffset? InstantOrNull(string name) => Parsed(
            name, "an instant with offset, such as 2026-11-01T00:00:00+08:00",
            t => t.Length > 19 && DateTimeOffset.TryParse(t, CultureInfo.InvariantCulture, DateTimeStyles.None, out var d) ? d : (DateTimeOffset?)null);

        private T? Parsed<T>(string name, string right, Func<string, T?> parse)
            where T : struct =>
            TextOrNull(name) is not { } text ? null : parse(text) ?? throw new FormatException($"{name}: '{text}' is not {right}.");
    }
}

/// <summary>Registers items through the API, each kind after the ones it needs: tariffs and gateways one by one, accounts and meters by the thousand.</summary>
public static class Importer
{
    private const int AtOnce = 8;

    /// <summary>Accounts or meters of one request; every refused line of so many is named in its answer.</summary>
    private const int LinesAtOnce = 1_000;

    public static async Task<ImportSummary> RunAsync(GridClient client, List<ImportItem> items, List<string> unreadable)
    {
        var run = new ImportRun(client, unreadable);
        foreach (var path in new[] { "/v1/tariffs", "/v1/gateways" })
        {
            await Parallel.ForEachAsync(items.Where(i => i.Path == path), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, (item, _) => run.RegisterAsync(item));
        }

        foreach (var path in new[] { "/v1/accounts", "/v1/meters" })
        {
            foreach (var chunk in items.Where(i => i.Path == path).Chunk(LinesAtOnce))
            {
                await run.RegisterManyAsync(chunk);
            }
        }

        return run.Summary;
    }

    private sealed class ImportRun(GridClient client, List<string> unreadable)
    {
        private readonly List<string> _errors = [.. unreadable];
        private int _created;
        private int _unchanged;

        public ImportSummary Summary => new(_created, _unchanged, _errors);

        public async ValueTask RegisterAsync(ImportItem item)
        {
            try
            {
                var isNew = await client.RegisterAsync(item.Path, item.Body);
                Interlocked.Increment(ref isNew ? ref _created : ref _unchanged);
            }
            catch (GridClientException e)
            {
                lock (_errors)
                {
                    _errors.Add($"{item.Place}: {e.Code}: {e.Message}");
                }
            }
        }

        public async Task RegisterManyAsync(ImportItem[] items)
        {
            var answer = await client.RegisterManyAsync(items.Select(i => new RegistrationLine(i.Body as OpenAccountRequest, i.Body as InstallMeterRequest)));
            _created += answer.Created;
            _unchanged += answer.Unchanged;
            _errors.AddRange(answer.Errors.Select(e => $"{items[e.Line - 1].Place}: {e.Code}: {e.Detail}"));
        }
    }
}

/// <summary>The verb: registers what a file holds, reports row by row. Status 1 if any row failed.</summary>
internal static class ImportCommand
{
    public static async Task<int> RunAsync(string file, string? data, string? url, string? key, CancellationToken cancel)
    {
        List<ImportItem> items;
        List<string> unreadable;
        try
        {
            (items, unreadable) = ImportFile.Read(file);
        }
        catch (Exception e) when (e is FormatException or JsonException or IOException or UnauthorizedAccessException or CsvHelperException)
        {
            await Console.Error.WriteLineAsync($"{file}: {e.Message.ReplaceLineEndings(" ")}");
            return 2;
        }

        await using var session = await GridSession.OpenAsync(data, url, key, Console.WriteLine);
        var summary = await Importer.RunAsync(session.Client, items, unreadable).WaitAsync(cancel);
        foreach (var error in summary.Errors)
        {
            Console.WriteLine(error);
        }

        Console.WriteLine($"{summary.Created} created, {summary.Unchanged} unchanged, {summary.Errors.Count} failed.");
        return summary.Errors.Count == 0 ? 0 : 1;
    }
}
