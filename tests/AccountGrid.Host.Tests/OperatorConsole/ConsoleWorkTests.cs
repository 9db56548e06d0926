using System.Text.Json.Nodes;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Notices;
using AccountGrid.Host.OperatorConsole;
using AccountGrid.Testing;
using Dapper;

namespace AccountGrid.Host.Tests.OperatorConsole;

/// <summary>Work on many at once, and finding a customer by what is sealed.</summary>
public sealed class ConsoleWorkTests(GridFixture grid)
{
    private const string Hostile = "<script>alert(1)</script>\"'&";

    /// <summary>By a query, worked out first; a row that cannot be decided says why, and what was decided has left the query.</summary>
    [Fact]
    public async Task Many_exceptions_are_decided_by_their_query_after_each_page_was_worked_out()
    {
        foreach (var id in new[] { "CON-B1", "CON-B2" })
        {
            await grid.OpenAsync(id, capacityW: 1_000);
            await grid.PushAsync((id, "2026-03-01T06:00:00+08:00", 600), (id, "2026-03-01T07:00:00+08:00", 5_600));
        }

        using var browser = await ConsoleBrowser.AsAsync(grid, "administrator");
        await Eventually.GetAsync(
            async () =>
            {
                await browser.GetAsync("/console/exceptions?account=CON-B1&code=reading.spike&open=true");
                return browser.Text;
            },
            t => t.Contains("<td title>CON-B1", StringComparison.Ordinal) || t.Contains("CON-B1</a>", StringComparison.Ordinal), "The exception of the meter");
        const string Address = "/console/exceptions/decide";
        await browser.GetAsync($"{Address}?code=reading.spike&account=CON-B1");
        await browser.PostAsync(Address, ("code", "reading.spike"), ("account", "CON-B1"), ("decision", "estimate"), ("reason", ""), ("step", "check"));
        Assert.Equal(422, browser.Status);
        Assert.Contains("reason: it is missing", browser.Text, StringComparison.Ordinal);
        await browser.PostAsync(Address, ("code", "reading.spike"), ("account", "CON-B1"), ("decision", "accept"), ("reason", $"a fair {Hostile}"),
            ("step", "check"));
        Assert.Equal(200, browser.Status);
        Assert.DoesNotContain("<script>alert", browser.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Would be decided: 1.", browser.Text, StringComparison.Ordinal);
        Assert.Contains("5 kWh", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("CON-B2", browser.Text, StringComparison.Ordinal);
        await grid.BalanceAsync("CON-B1", "-0.3");
        await browser.PostAsync(Address, ("step", "do"));
        Assert.Contains("Decided: 1.", browser.Text, StringComparison.Ordinal);
        await grid.BalanceAsync("CON-B1", "-2.8");
        await grid.BalanceAsync("CON-B2", "-0.3");
        await Eventually.GetAsync(
            async () =>
            {
                await browser.GetAsync(Address);
                await browser.PostAsync(Address, ("code", "reading.spike"), ("account", "CON-B1"), ("decision", "accept"), ("reason", "r"), ("step", "check"));
                return browser.Text;
            },
            t => t.Contains("Would be decided: 0.", StringComparison.Ordinal), "What was decided has left the query");
        using var auditor = await ConsoleBrowser.AsAsync(grid, "auditor");
        await auditor.GetAsync("/console/exceptions?open=true");
        Assert.DoesNotContain(Address, auditor.Text, StringComparison.Ordinal);
        await auditor.GetAsync(Address);
        Assert.Equal(403, auditor.Status);
        await auditor.GetAsync("/console/me");
        await auditor.PostAsync(Address, ("code", "reading.spike"), ("decision", "accept"), ("reason", "r"), ("step", "do"));
        Assert.Equal(403, auditor.Status);
    }

    /// <summary>Numbers and addresses are sealed: those who work with them find them by keys, where they are theirs, and until they are erased.</summary>
    [Fact]
    public async Task A_customer_is_found_by_number_and_address_by_those_who_may_see_them()
    {
        await grid.OpenAsync("CON-P");
        await grid.OpenAsync("CON-Q");
        foreach (var (id, area) in new[] { ("CON-P", "con-north"), ("CON-Q", "con-south") })
        {
            var contact = new ContactRequest(
                "en", [new ContactChannel("sms", "+8613712345678"), new ContactChannel("email", $"Lin.{id}@example.org")], area, "mia");
            Assert.Equal(200, (await grid.SendAsync(HttpMethod.Put, $"/v1/accounts/{id}/contact", contact)).Status);
        }

        var profile = new Host.Customers.CustomerProfileRequest(
            "Nobody Yet", "business", "large", "con-p-c", null, Contact: [new ContactChannel("email", "desk@nobody.example")]);
        Assert.Equal(201, (await grid.SendAsync(HttpMethod.Post, "/v1/customers", profile)).Status);
        Assert.Equal(["CON-P", "CON-Q"], await FindAsync(grid.Http, "137 1234 5678"));
        Assert.Equal(["CON-P"], await FindAsync(grid.Http, "lin.con-p@example.org"));
        Assert.Equal(["con-p-c"], await FindAsync(grid.Http, "desk@nobody.example"));
        foreach (var (role, area, found) in new[] { ("collector", "con-south", "CON-Q"), ("auditor", null, ""), ("client", null, "") })
        {
            using var http = grid.WithKey(
                (await grid.Admin.PostAsync<Host.Security.KeyAnswer>("/v1/keys", new Host.Security.CreateKeyRequest(role, role, Area: area))).Key);
            Assert.Equal((role, found), (role, string.Join(',', await FindAsync(http, "13712345678"))));
        }

        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Delete, "/v1/accounts/CON-P/personal-data")).Status);
        Assert.Equal(["CON-Q"], await FindAsync(grid.Http, "13712345678"));
        await using var command = grid.Database.CreateCommand("select count(*)::int from contact where channels::text like '%12345678%'");
        Assert.Equal(0, (int)(await command.ExecuteScalarAsync())!);

        async Task<List<string>> FindAsync(HttpClient http, string text) =>
            [.. (await grid.SendAsync(HttpMethod.Post, "/v1/search", new SearchRequest(text), http: http)).Body.GetProperty("hits").EnumerateArray()
                .Where(h => h.GetProperty("kind").GetString() == "contact").Select(h => h.GetProperty("id").GetString()!).Order(StringComparer.Ordinal)];
    }

    /// <summary>One letter, or a surname that many have, is looked for at each key that is pressed: no more customers are read than are shown.</summary>
    [Theory]
    [InlineData(null, null)]
    [InlineData("con-many", null)]
    [InlineData("con-many-2", null)]
    [InlineData(null, "olga")]
    public async Task A_search_for_a_common_name_reads_no_more_customers_than_it_shows(string? area, string? manager)
    {
        await using var connection = await grid.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await connection.ExecuteAsync("""
            insert into area (id, name, zone, path, changed_by, changed_at) values
              ('con-many', 'm', 'Asia/Shanghai', '{con-many}', 't', now()),
              ('con-many-1', '1', 'Asia/Shanghai', '{con-many-1,con-many}', 't', now()),
              ('con-many-2', '2', 'Asia/Shanghai', '{con-many-2,con-many}', 't', now());
            insert into customer (id, name, name_key, class, size, area, language, contact, manager, body_hash, created_by, created_at, changed_at)
              select 'wang' || lpad(i::text, 6, '0'), 'Wang ' || (i * 7 % 5000), 'wang ' || (i * 7 % 5000), 'residential', 'small',
                'con-many-' || (1 + i % 2), 'en', '{}', 'olga', '', 't', now(), now() from generate_series(1, 5000) i;
            analyze customer; analyze area;
            """);
        var parameters = new { key = "wang", text = "wang", area, manager, take = 11 };
        var sql = SearchEndpoints.CustomersOf(area is not null);
        var found = (await connection.QueryAsync<(string Kind, string Id, string? Account, string Text)>(sql, parameters)).ToList();
        Assert.Equal(11, found.Count);
        Assert.All(found, f => Assert.StartsWith("Wang ", f.Text, StringComparison.Ordinal));
        Assert.All(found, f => Assert.True(area != "con-many-2" || f.Text.EndsWith(", con-many-2", StringComparison.Ordinal), f.Text));
        var all = (await connection.QueryAsync<string>("select id from customer where name_key >= 'wang' and name_key < 'wanh' and "
            + "(@area::text is null or is_in_area(area, @area)) order by name_key, id limit 11", parameters)).ToList();
        Assert.Equal(all[0], found[0].Id);
        var plan = JsonNode.Parse((await connection.QuerySingleAsync<string>($"explain (analyze, timing off, format json) {sql}", parameters)))!;
        Assert.InRange(ReadOf(plan[0]!["Plan"]!), 11, 200);
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);

        static double ReadOf(JsonNode node) => ((string?)node["Relation Name"] == "customer"
                ? ((double)node["Actual Rows"]! + ((double?)node["Rows Removed by Filter"] ?? 0)) * (double)node["Actual Loops"]! : 0)
            + ((node["Plans"] as JsonArray)?.Sum(p => ReadOf(p!)) ?? 0);
    }
}
