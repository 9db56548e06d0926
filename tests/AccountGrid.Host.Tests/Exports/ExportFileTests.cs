using System.Globalization;
using System.Net;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Http;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Security;
using AccountGrid.Host.Tests.MeterFiles;
using AccountGrid.Testing;
using Parquet;
using Parquet.Schema;

namespace AccountGrid.Host.Tests.Exports;

/// <summary>What other programs read: the same as the API says, in both forms, with zone and unit.</summary>
public sealed class ExportFileTests(GridFixture grid)
{
    private string Span => string.Create(CultureInfo.InvariantCulture,
        $"from={grid.Time.GetUtcNow().AddDays(-15):yyyy-MM-dd}&to={grid.Time.GetUtcNow().AddDays(15):yyyy-MM-dd}");

    [Fact]
    public async Task Entries_and_accounts_as_CSV_and_Parquet_say_what_the_API_says()
    {
        await grid.OpenAsync("XP1");
        await grid.PushAsync(("XP1", "2026-03-02T12:00:00+08:00", 12_345));
        await grid.SendAsync(HttpMethod.Post, "/v1/accounts/XP1/payments", new PaymentRequest("128.5", "counter", "=1+1"), "xp-1");
        await grid.SendAsync(HttpMethod.Post, "/v1/accounts/XP1/payments", new PaymentRequest("0.01", "counter"), "xp-2");
        var ledger = await Eventually.GetAsync(() => grid.Admin.GetAsync<Page<EntryAnswer>>("/v1/accounts/XP1/entries"), p => p.Data.Count >= 2, "Two entries");
        var rows = (await CsvAsync($"/v1/exports/entries?{Span}")).Where(r => r["account"] == "XP1").Reverse().ToList();
        Assert.Equal(ledger.Data.Select(e => (e.Id, e.Kind, e.Amount, e.LedgerBalance)),
            rows.Select(r => (r["id"], r["kind"], r["amount (currency)"], r["balance (currency)"])));
        Assert.All(rows, r => Assert.Equal(("CNY", "Asia/Shanghai"), (r["currency"], r["zone"])));
        Assert.Contains(rows, r => r["reference"] == "'=1+1");

        var (columns, metadata) = await ParquetAsync($"/v1/exports/entries?format=parquet&{Span}");
        Assert.Equal(("entries", "1", "UTC", "zone"),
            (metadata["accountgrid.kind"], metadata["accountgrid.version"], metadata["accountgrid.unit.at"], metadata["accountgrid.unit.day"]));
        var places = Enumerable.Range(0, columns["account"].Length).Where(i => (string?)columns["account"][i] == "XP1").Reverse().ToList();
        Assert.Equal(ledger.Data.Select(e => (e.Id, decimal.Parse(e.Amount, CultureInfo.InvariantCulture), e.At.UtcDateTime)),
            places.Select(i => ((string)columns["id"][i]!, (decimal)columns["amount"][i]!, (DateTime)columns["at"][i]!)));
        Assert.Contains(places, i => (string?)columns["reference"][i] == "=1+1");

        await grid.Admin.PostAsync<object>("/v1/operations/checkpoint", new { });
        var balance = (await grid.Admin.GetAsync<AccountAnswer>("/v1/accounts/XP1")).Balance;
        Assert.Equal(balance, Assert.Single(await CsvAsync("/v1/exports/accounts"), r => r["account"] == "XP1")["balance (currency)"]);
        Assert.Contains((await grid.SendAsync(HttpMethod.Get, "/v1/audit?limit=100")).Body.GetProperty("data").EnumerateArray(),
            r => r.GetProperty("path").GetString()!.StartsWith("/v1/exports/entries", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_load_profile_as_Parquet_has_the_readings_with_zone_and_unit()
    {
        await SameDayTests.OpenAsync(grid, "XP2");
        await grid.Admin.PushAsync(System.Text.Encoding.UTF8.GetBytes(DayOfData.Ndjson("XP2")));
        await Eventually.GetAsync(() => grid.Admin.GetAsync<MeterAnswer>("/v1/meters/XP2"), m => m.ChargedWh == DayOfData.Sum, "All is charged");
        var (columns, metadata) = await ParquetAsync("/v1/accounts/XP2/usage?format=parquet&from=2026-03-01&to=2026-03-20");
        Assert.Equal(("Asia/Shanghai", "Wh", "load-profile"),
            (metadata["accountgrid.zone"], metadata["accountgrid.unit.energy"], metadata["accountgrid.kind"]));
        var (ends, energy, registers) = (columns["end"], columns["energy"], columns["register_value"]);

        // Usage lies between readings: the value at the installation is none, so that the first reading has no row.
        Assert.Equal(Enumerable.Range(1, DayOfData.Count - 1).Select(i => (DayOfData.End(i).UtcDateTime, DayOfData.Wh(i), DayOfData.RegisterWh(i + 1))),
            Enumerable.Range(0, ends.Length).Select(i => ((DateTime)ends[i]!, (long)energy[i]!, (long)registers[i]!)));
    }

    [Fact]
    public async Task Bills_are_a_table_with_days_of_their_zone()
    {
        var (columns, metadata) = await ParquetAsync($"/v1/exports/bills?format=parquet&{Span}");
        Assert.Equal("bills", metadata["accountgrid.kind"]);
        Assert.Equal(["account", "amount", "created", "currency", "due", "from", "id", "to", "zone"], columns.Keys.Order(StringComparer.Ordinal));
        await CsvAsync($"/v1/exports/bills?{Span}");
    }

    [Theory]
    [InlineData("/v1/exports/accounts?format=xlsx", 400, "request.invalid")]
    [InlineData("/v1/exports/entries?from=2026-03-01&to=2026-04-01", 422, "span.invalid")]
    [InlineData("/v1/exports/bills?from=2026-03-02&to=2026-03-01", 422, "span.invalid")]
    [InlineData("/v1/exports/bills?from=2026-03-02", 400, "request.invalid")]
    public async Task What_is_asked_for_wrongly_is_refused(string path, int status, string code)
    {
        var (answered, body) = await grid.SendAsync(HttpMethod.Get, path);
        Assert.Equal((status, code), (answered, body.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Only_who_sees_all_customers_takes_them_away()
    {
        using var gateway = grid.WithKey((await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("gateway", "of a test", "G1"))).Key);
        Assert.Equal(403, (await grid.SendAsync(HttpMethod.Get, "/v1/exports/accounts", http: gateway)).Status);
    }

    private async Task<List<Dictionary<string, string>>> CsvAsync(string path)
    {
        using var response = await grid.Http.GetAsync(path);
        Assert.Equal((HttpStatusCode.OK, "text/csv; charset=utf-8"), (response.StatusCode, response.Content.Headers.ContentType?.ToString()));
        using var csv = new CsvHelper.CsvReader(new StringReader(await response.Content.ReadAsStringAsync()), CultureInfo.InvariantCulture);
        await csv.ReadAsync();
        csv.ReadHeader();
        var rows = new List<Dictionary<string, string>>();
        while (await csv.ReadAsync())
        {
            rows.Add(csv.HeaderRecord!.ToDictionary(h => h, h => csv.GetField(h)!));
        }

        return rows;
    }

    private async Task<(Dictionary<string, object?[]> Columns, Dictionary<string, string> Metadata)> ParquetAsync(string path)
    {
        using var file = new MemoryStream(await grid.Http.GetByteArrayAsync(path));
        await using var reader = await ParquetReader.CreateAsync(file);
        var columns = reader.Schema.DataFields.ToDictionary(f => f.Name, _ => new List<object?>());
        for (var g = 0; g < reader.RowGroupCount; g++)
        {
            using var group = reader.OpenRowGroupReader(g);
            foreach (var field in reader.Schema.DataFields)
            {
                columns[field.Name].AddRange(await ValuesAsync(group, field));
            }
        }

        return (columns.ToDictionary(c => c.Key, c => c.Value.ToArray()), new Dictionary<string, string>(reader.CustomMetadata!));
    }

    private static async Task<IEnumerable<object?>> ValuesAsync(ParquetRowGroupReader group, DataField field)
    {
        var rows = (int)group.RowCount;
        if (field.ClrType == typeof(ReadOnlyMemory<char>) || field.ClrType == typeof(string))
        {
            var texts = new string?[rows];
            await group.ReadAsync(field, texts!);
            return texts;
        }

        return field.ClrType == typeof(long) ? await ValuesAsync<long>(group, field, rows)
            : field.ClrType == typeof(DateOnly) ? await ValuesAsync<DateOnly>(group, field, rows)
            : field.ClrType == typeof(decimal) ? await ValuesAsync<decimal>(group, field, rows)
            : await ValuesAsync<DateTime>(group, field, rows);
    }

    private static async Task<IEnumerable<object?>> ValuesAsync<T>(ParquetRowGroupReader group, DataField field, int rows)
        where T : struct
    {
        var values = new T?[rows];
        await group.ReadAsync<T>(field, values);
        return values.Cast<object?>();
    }
}
