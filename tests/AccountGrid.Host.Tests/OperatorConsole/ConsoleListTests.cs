using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using AccountGrid.Domain.Events;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Csv;
using AccountGrid.Host.Http;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Security;
using AccountGrid.Testing;
using CsvHelper;

namespace AccountGrid.Host.Tests.OperatorConsole;

/// <summary>What happened to an account, what it used, and lists as files: the same in the API, on a page and in an export.</summary>
public sealed partial class ConsoleListTests(GridFixture grid)
{
    private const string Formula = "=HYPERLINK(\"http://evil.example\";\"x\")";

    [Fact]
    public async Task A_timeline_has_everything_once_newest_first_page_by_page_and_by_kind()
    {
        await OpenAsync("LST-T");
        foreach (var i in Enumerable.Range(1, 3))
        {
            await PayAsync("LST-T", $"{i}", $"ref {i}");
        }

        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Post, "/v1/accounts/LST-T/holds", new HoldRequest("manual", "flood"))).Status);
        Assert.Equal(201, (await grid.SendAsync(HttpMethod.Post, "/v1/cases", new OpenCaseRequest("Call back", 8, "LST-T"), "lst-t-case")).Status);
        var all = await Eventually.GetAsync(() => TimelineAsync("limit=500"),
            t => t.Exists(r => r.What == "hold-placed") && t.Count(r => r.What == "payment") == 3 && t.Exists(r => r.Kind == "case")
                && t.Exists(r => r.What.StartsWith("POST /v1/accounts/LST-T/holds", StringComparison.Ordinal)), "The timeline");
        Assert.Equal(all.Count, all.DistinctBy(r => (r.Kind, r.Id)).Count());
        Assert.Equal("flood", all.Single(r => r.What == "hold-placed").Facts["reason"]);
        Assert.Equal("ref 3", all.First(r => r.What == "payment").Text);

        // Three at a time, each once and in the same order.
        var (paged, cursor) = (new List<TimelineRow>(), "");
        do
        {
            var page = await grid.Admin.GetAsync<Page<TimelineRow>>($"/v1/accounts/LST-T/timeline?limit=3&cursor={cursor}");
            Assert.True(page.Data.Count <= 3);
            paged.AddRange(page.Data);
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal(all.Select(r => (r.Kind, r.Id)), paged.Select(r => (r.Kind, r.Id)));
        var times = all.Where(r => r.Kind != "audit").Select(r => r.At).ToList();
        Assert.Equal(times.OrderDescending(), times);
        foreach (var kind in all.Select(r => r.Kind).Distinct())
        {
            Assert.Equal(all.Where(r => r.Kind == kind).Select(r => r.Id), (await TimelineAsync($"limit=500&kind={kind}")).Select(r => r.Id));
        }

        Assert.Equal(400, (await grid.SendAsync(HttpMethod.Get, "/v1/accounts/LST-T/timeline?kind=nothing")).Status);
        var first = await grid.Admin.GetAsync<Page<TimelineRow>>("/v1/accounts/LST-T/timeline?limit=3");
        Assert.Equal(400, (await grid.SendAsync(HttpMethod.Get, $"/v1/accounts/LST-T/timeline?kind=money&cursor={first.NextCursor}")).Status);

        // Who did what is for those who may see it.
        using var collector = grid.WithKey((await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("collector", "c", Area: "lst-area"))).Key);
        var seen = await grid.SendAsync(HttpMethod.Get, "/v1/accounts/LST-T/timeline?limit=500", http: collector);
        Assert.Equal(200, seen.Status);
        Assert.DoesNotContain("\"audit\"", seen.Body.ToString(), StringComparison.Ordinal);
        var audit = await grid.SendAsync(HttpMethod.Get, "/v1/accounts/LST-T/timeline?kind=audit", http: collector);
        Assert.Empty(audit.Body.GetProperty("data").EnumerateArray());

        Task<List<TimelineRow>> TimelineAsync(string query) => ReadAsync($"/v1/accounts/LST-T/timeline?{query}");
        async Task<List<TimelineRow>> ReadAsync(string path) => [.. (await grid.Admin.GetAsync<Page<TimelineRow>>(path)).Data];
    }

    /// <summary>An event of a new kind is of a kind in timelines, or is said to be there already.</summary>
    [Fact]
    public void Every_type_of_event_is_in_timelines_or_is_there_as_something_else()
    {
        var types = typeof(AccountEvent).GetCustomAttributes(typeof(System.Text.Json.Serialization.JsonDerivedTypeAttribute), false)
            .Cast<System.Text.Json.Serialization.JsonDerivedTypeAttribute>().Select(a => (string)a.TypeDiscriminator!).ToList();
        Assert.Equal(types.Order(StringComparer.Ordinal), TimelineKinds.TypesOf(null).Concat(TimelineKinds.Elsewhere).Order(StringComparer.Ordinal));
        Assert.All(TimelineKinds.TypesOf(null), t => Assert.Contains($"happened.{t}", Host.OperatorConsole.ConsoleTexts.English.Keys));
    }

    [Fact]
    public async Task Use_by_hours_days_and_periods_is_the_same_energy_as_the_balance_comes_from()
    {
        await OpenAsync("LST-U");
        await grid.PushAsync(("LST-U", "2026-03-01T06:00:00+08:00", 600), ("LST-U", "2026-03-01T18:30:00+08:00", 9_001),
            ("LST-U", "2026-03-02T06:00:00+08:00", 9_900), ("LST-U", "2026-03-04T12:00:00+08:00", 20_000));
        await Eventually.GetAsync(() => grid.Admin.GetAsync<ExplainAnswer>("/v1/accounts/LST-U/explain"),
            e => e.Days.Sum(d => d.ByRate.Values.Sum()) == 20_000, "All energy is charged");
        var explained = await grid.Admin.GetAsync<ExplainAnswer>("/v1/accounts/LST-U/explain");
        var days = await UseAsync("by=day&from=2026-03-01&to=2026-03-31");
        Assert.Equal(explained.Days.GroupBy(d => d.Day).Select(g => (g.Key, g.Sum(d => d.ByRate.Values.Sum()))), days.Data.Select(d => (d.From, d.EnergyWh)));
        var hours = await UseAsync("by=hour&from=2026-03-01&to=2026-03-04");
        Assert.Equal(days.Data.Select(d => (d.From, d.EnergyWh)), hours.Data.GroupBy(h => h.From[..10]).Select(g => (g.Key, g.Sum(h => h.EnergyWh))));
        Assert.Equal((96, "2026-03-01T00:00+08:00", 100), (hours.Data.Count, hours.Data[0].From, hours.Data[0].EnergyWh));
        var periods = await UseAsync("by=period&from=2026-03-01&to=2026-03-31");
        Assert.Equal([("2026-03-01", 20_000L)], periods.Data.Select(p => (p.From, p.EnergyWh)));
        foreach (var wrong in new[] { "by=hour&from=2026-03-01&to=2026-03-08", "by=day&from=2026-03-02&to=2026-03-01", "by=day&from=2025-03-01&to=2026-03-02" })
        {
            Assert.Equal((wrong, 422), (wrong, (await grid.SendAsync(HttpMethod.Get, $"/v1/accounts/LST-U/consumption?{wrong}")).Status));
        }

        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Get, "/v1/accounts/LST-U/consumption?by=hour&from=2026-03-01&to=2026-03-07")).Status);
        Assert.Equal(400, (await grid.SendAsync(HttpMethod.Get, "/v1/accounts/LST-U/consumption?by=year")).Status);
        using var browser = await ConsoleBrowser.AsAsync(grid, "auditor");
        await browser.GetAsync("/console/accounts/LST-U/consumption?by=hour&from=2026-03-01&to=2026-03-01");
        Assert.Equal(["2026-03-01 00:00+08:00", "0.1 kWh", "0 kWh"], RowsOf(browser.Text)[0].Take(3));
        await browser.GetAsync("/console/accounts/LST-U/consumption?by=hour&from=2026-03-01&to=2026-04-01");
        Assert.Equal(422, browser.Status);
        Assert.Contains("is not a span of 1 to 7 days", browser.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"2026-04-01\"", browser.Text, StringComparison.Ordinal);

        Task<ConsumptionAnswer> UseAsync(string query) => grid.Admin.GetAsync<ConsumptionAnswer>($"/v1/accounts/LST-U/consumption?{query}");
    }

    [Theory]
    [InlineData("en", "Ledger LST-Xen", "rows")]
    [InlineData("zh-CN", "账目 LST-Xzh-CN", "行")]
    public async Task An_export_has_the_rows_and_columns_of_its_page_and_no_formula(string language, string title, string rows)
    {
        var id = $"LST-X{language}";
        await OpenAsync(id);
        await PayAsync(id, "12.345", Formula);
        foreach (var i in Enumerable.Range(0, 60))
        {
            await PayAsync(id, "1", $"ref {i}");
        }

        using var browser = await ConsoleBrowser.AsAsync(grid, "administrator", language: language);
        await Eventually.GetAsync(
            async () =>
            {
                await browser.GetAsync($"/console/accounts/{id}/entries");
                return browser.Text;
            },
            t => t.Contains("ref 59", StringComparison.Ordinal), "All entries");
        var heads = Head().Matches(browser.Text).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value)).ToList();
        var shown = RowsOf(browser.Text);
        await browser.GetAsync($"/console/accounts/{id}/entries.csv");
        Assert.Equal(200, browser.Status);
        Assert.Equal("text/csv", browser.Last.Content.Headers.ContentType!.MediaType);
        Assert.Matches($"^ledger-{id}-\\d{{8}}-\\d{{4}}Z\\.csv$", browser.Last.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        var file = Csv(browser.Text);
        Assert.StartsWith($"{title}; Asia/Shanghai; 61 {rows}; ", Assert.Single(file[0]), StringComparison.Ordinal);
        Assert.Equal(heads, file[1].Select(h => h.Replace(" (CNY)", "", StringComparison.Ordinal)));
        Assert.Equal(61, file.Count - 2);

        // The first page of the list is the beginning of the file, cell by cell; amounts are exact there.
        foreach (var (row, cells) in shown.Zip(file.Skip(2)))
        {
            Assert.Equal(row.Count, cells.Length);
            foreach (var (text, cell, head) in row.Zip(cells, file[1]))
            {
                Assert.Equal(
                    text,
                    head.EndsWith("(CNY)", StringComparison.Ordinal)
                        ? $"{decimal.Round(decimal.Parse(cell, CultureInfo.InvariantCulture), 2, MidpointRounding.AwayFromZero):N2} CNY" : cell);
            }
        }

        Assert.Contains(file[^1], c => c == $"'{Formula}");
        Assert.Contains(file[^1], c => c == "12.345000000");
        Assert.Contains(await grid.Admin.ListAsync<AuditedAnswer>($"/v1/accounts/{id}/audit"),
            r => r.Path == $"/console/accounts/{id}/entries.csv rows=61" && r.Person.StartsWith("operator ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_export_keeps_the_filter_and_is_refused_where_the_list_is()
    {
        await OpenAsync("LST-F");
        await OpenAsync("LST-G");
        foreach (var id in new[] { "LST-F", "LST-G" })
        {
            Assert.Equal(201, (await grid.SendAsync(HttpMethod.Post, "/v1/cases", new OpenCaseRequest("@SUM(1)", 8, id), $"case-{id}")).Status);
        }

        using var browser = await ConsoleBrowser.AsAsync(grid, "administrator");
        await browser.GetAsync("/console/accounts/LST-F/timeline.csv?kind=case");
        var file = Csv(browser.Text);
        Assert.StartsWith("Timeline LST-F; kind=case; Asia/Shanghai; 1 rows; ", file[0][0], StringComparison.Ordinal);
        Assert.Contains("'@SUM(1)", file[2]);
        await browser.GetAsync("/console/cases.csv?kind=manual&owner=none");
        Assert.Contains("; owner=none; kind=manual; UTC; ", Csv(browser.Text)[0][0], StringComparison.Ordinal);
        Assert.Contains(Csv(browser.Text), r => r.Contains("LST-G"));

        // The trail says what was taken, but for a person's name.
        Assert.Contains(await grid.Admin.ListAsync<AuditedAnswer>("/v1/accounts/LST-F/audit"),
            r => r.Path == "/console/accounts/LST-F/timeline.csv rows=1 kind=case");
        await browser.GetAsync("/console/cases.csv?owner=Somebody%20Else&kind=manual");
        var trail = (await grid.Admin.ListAsync<AuditedAnswer>("/v1/audit")).ConvertAll(r => r.Path);
        Assert.Contains(trail, p => p.StartsWith("/console/cases.csv rows=", StringComparison.Ordinal)
            && p.EndsWith(" owner=none kind=manual", StringComparison.Ordinal));
        Assert.Contains("/console/cases.csv rows=0 owner=*** kind=manual", trail);
        await browser.GetAsync("/console/cases.csv?kind=nothing");
        Assert.NotEqual(200, browser.Status);
        foreach (var path in new[] { "exceptions.csv?open=true", "operators.csv", "accounts/LST-F/consumption.csv?by=day" })
        {
            await browser.GetAsync($"/console/{path}");
            Assert.Equal((path, 200), (path, browser.Status));
        }

        using var collector = await ConsoleBrowser.AsAsync(grid, "collector", "elsewhere");
        foreach (var path in new[] { "operators.csv", "exceptions.csv", "accounts/LST-F/entries.csv", "accounts/LST-F/timeline", "accounts/LST-F/consumption",
            "accounts/LST-F/page-link" })
        {
            await collector.GetAsync($"/console/{path}");
            Assert.Equal((path, 403), (path, collector.Status));
        }
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@x", "'@x")]
    [InlineData("  =x", "'  =x")]
    [InlineData("\t=x", "'\t=x")]
    [InlineData("\"=x", "'\"=x")]
    [InlineData("＝x", "'＝x")]
    [InlineData("\u3000@x", "'\u3000@x")]
    [InlineData("1=1", "1=1")]
    [InlineData("", "")]
    [InlineData("客户", "客户")]
    public void A_text_that_a_spreadsheet_could_run_begins_with_an_apostrophe(string text, string written) => Assert.Equal(written, CsvSafe.Of(text));

    [Fact]
    public async Task The_chart_of_a_balance_shows_payments_messages_levels_and_what_is_forecast()
    {
        await grid.OpenAsync("LST-C", levels: ["50"]);
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Put, "/v1/accounts/LST-C/customer", new CustomerRequest("cn-residential"))).Status);
        await PayAsync("LST-C", "100", "first");
        var opened = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.FromHours(8));
        await grid.PushAsync([.. Enumerable.Range(1, 20).Select(d => ("LST-C", opened.AddDays(d).ToString("O"), d * 5_500L))]);
        await grid.BalanceAsync("LST-C", "45.0");
        using var browser = await ConsoleBrowser.AsAsync(grid, "administrator");
        var page = await Eventually.GetAsync(
            async () =>
            {
                await browser.GetAsync("/console/accounts/LST-C");
                return browser.Text;
            },
            t => t.Contains("class=\"told\"", StringComparison.Ordinal) && t.Contains("class=\"pay\"", StringComparison.Ordinal), "The chart");
        var customer = await grid.Admin.GetAsync<CustomerAnswer>("/v1/accounts/LST-C/customer");
        Assert.Contains(customer.Levels, l => l is { Kind: "amount", Amount: "50.000000000" });
        var said = Description().Match(page).Groups[1].Value;
        Assert.Contains("Payment ", said, StringComparison.Ordinal);
        Assert.Contains("Low balance ", said, StringComparison.Ordinal);
        Assert.Contains("amount 50.00 CNY", said, StringComparison.Ordinal);
        Assert.Equal(customer.DaysLeft is not null, page.Contains("class=\"ahead\"", StringComparison.Ordinal));
        Assert.Contains("class=\"level\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_of_a_customers_page_is_made_where_there_are_pages()
    {
        await OpenAsync("LST-L");
        using var browser = await ConsoleBrowser.AsAsync(grid, "collector", "lst-area");
        await browser.GetAsync("/console/accounts/LST-L/page-link");
        Assert.Equal(200, browser.Status);
        await browser.PostAsync("/console/accounts/LST-L/page-link");
        Assert.Equal(409, browser.Status);
        Assert.Contains("Notices__CustomerPageUrl is not set", browser.Text, StringComparison.Ordinal);
        await browser.DoAsync("page-links-end", "LST-L");
        Assert.Equal("/console?done=page-links-end", browser.Went);
    }

    private async Task OpenAsync(string id)
    {
        await grid.OpenAsync(id);
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Put, $"/v1/accounts/{id}/customer", new CustomerRequest("cn-residential"))).Status);
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Put, $"/v1/accounts/{id}/contact",
            new ContactRequest("en", [new ContactChannel("webhook", "")], "lst-area"))).Status);
    }

    private async Task PayAsync(string id, string amount, string reference) => Assert.Equal(201, (await grid.SendAsync(
        HttpMethod.Post, $"/v1/accounts/{id}/payments", new PaymentRequest(amount, "counter", reference), $"lst-{Guid.NewGuid():N}")).Status);

    private static List<string[]> Csv(string text)
    {
        using var csv = new CsvParser(new StringReader(text.TrimStart('\ufeff')), CultureInfo.InvariantCulture);
        var rows = new List<string[]>();
        while (csv.Read())
        {
            rows.Add(csv.Record!);
        }

        return rows;
    }

    private static List<List<string>> RowsOf(string page) => [.. Body().Match(page).Groups[1].Value.Split("</tr>").SkipLast(1).Select(
        r => Cell().Matches(r).Select(m => WebUtility.HtmlDecode(Tag().Replace(m.Groups[1].Value, "")).Trim()).ToList())];

    [GeneratedRegex("<th scope=\"col\"[^>]*>([^<]*)</th>")]
    private static partial Regex Head();

    [GeneratedRegex("<tbody>(.*?)</tbody>", RegexOptions.Singleline)]
    private static partial Regex Body();

    [GeneratedRegex("<td[^>]*>(.*?)</td>", RegexOptions.Singleline)]
    private static partial Regex Cell();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("<desc id=\"chart-text\">([^<]*)</desc>")]
    private static partial Regex Description();
}
