using System.Text.Json;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Customers;
using AccountGrid.Host.Http;
using AccountGrid.Host.Lists;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Security;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests;

/// <summary>Every list has one shape, is read page by page without gaps, and shows each caller what is theirs.</summary>
public sealed class ListPageTests(GridFixture grid)
{
    /// <summary>What is continued by an instant of its own, or is no list of rows that grow.</summary>
    private static readonly Dictionary<string, string> ByOtherName = new() { ["/v1/events"] = "after" };

    [Fact]
    public async Task A_list_is_a_page_with_limit_and_cursor_and_never_a_bare_array()
    {
        using var document = JsonDocument.Parse(await grid.Http.GetStringAsync("/openapi/v1.json"));
        var (pages, wrong) = (0, new List<string>());
        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject())
        {
            if (!path.Value.TryGetProperty("get", out var get) || !get.GetProperty("responses").TryGetProperty("200", out var right)
                || !right.TryGetProperty("content", out var content) || !content.TryGetProperty("application/json", out var json))
            {
                continue;
            }

            var schema = json.GetProperty("schema");
            if (schema.TryGetProperty("type", out var type) && type.GetRawText().Contains("array", StringComparison.Ordinal))
            {
                wrong.Add($"{path.Name} answers an array; answer a page.");
            }

            if (!schema.TryGetProperty("$ref", out var name) || !name.GetString()!.Contains("/PageOf", StringComparison.Ordinal))
            {
                continue;
            }

            pages++;
            var parameters = get.TryGetProperty("parameters", out var all)
                ? all.EnumerateArray().Select(p => p.GetProperty("name").GetString()!).ToList() : [];
            wrong.AddRange(new[] { "limit", ByOtherName.GetValueOrDefault(path.Name, "cursor") }.Except(parameters).Select(p => $"{path.Name} has no {p}."));
        }

        Assert.True(pages >= 45, $"Only {pages} lists were found.");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public async Task A_page_that_another_follows_links_to_it_with_all_that_was_asked_for()
    {
        for (var i = 0; i < 3; i++)
        {
            await grid.OpenAsync($"LINK-{i}");
            await ContactAsync($"LINK-{i}", "link area", "link & \"manager\"");
        }

        var next = $"/v1/accounts?limit=1&manager={Uri.EscapeDataString("link & \"manager\"")}";
        var seen = new List<string>();
        while (true)
        {
            using var answer = await grid.Http.GetAsync(next);
            var page = JsonSerializer.Deserialize<Page<AccountListItem>>(await answer.Content.ReadAsStringAsync(), JsonSerializerOptions.Web)!;
            seen.AddRange(page.Data.Select(a => a.Id));
            if (!answer.Headers.TryGetValues("Link", out var link))
            {
                Assert.False(page.HasMore);
                break;
            }

            Assert.True(page.HasMore);
            Assert.EndsWith(">; rel=\"next\"", link.Single(), StringComparison.Ordinal);
            next = link.Single()[1..link.Single().IndexOf('>', StringComparison.Ordinal)];
            Assert.Contains(Uri.EscapeDataString(page.NextCursor!), next, StringComparison.Ordinal);
        }

        Assert.Equal(["LINK-0", "LINK-1", "LINK-2"], seen);
    }

    [Fact]
    public async Task Accounts_and_meters_are_found_by_customer_area_manager_and_gateway()
    {
        foreach (var area in new[] { "list-top", "list-low", "list-far" })
        {
            Assert.Equal(200, (await grid.SendAsync(
                HttpMethod.Put, $"/v1/areas/{area}", new AreaRequest(area, "Asia/Shanghai", area == "list-low" ? "list-top" : null))).Status);
        }

        await grid.Admin.RegisterAsync("/v1/gateways", new GatewayRequest("LIST-G"));
        foreach (var (id, area, manager) in new[] { ("LS-1", "list-top", "lena"), ("LS-2", "list-low", "lena"), ("LS-3", "list-far", "liam") })
        {
            await grid.OpenAsync(id);
            await ContactAsync(id, area, manager);
        }

        await grid.Admin.PostAsync<MeterAnswer>("/v1/meters",
            new InstallMeterRequest("LS-FREE", "LIST-G", "LS-3", DateTimeOffset.Parse("2026-03-01T00:00:00+08:00", null)));
        Assert.Equal(["LS-1", "LS-2"], await AccountsAsync("area=list-top"));
        Assert.Equal(["LS-2"], await AccountsAsync("area=list-low&manager=lena"));
        Assert.Equal(["LS-3"], await AccountsAsync("manager=liam"));
        Assert.Equal([], await AccountsAsync("area=nowhere"));
        Assert.Equal([], await AccountsAsync("customer=LS-C"));
        await MetersAreAsync(["LS-1", "LS-2"], "area=list-top");
        await MetersAreAsync(["LS-3", "LS-FREE"], "account=LS-3");
        await MetersAreAsync(["LS-FREE"], "gateway=LIST-G");
        await MetersAreAsync(["LS-3", "LS-FREE"], "manager=liam");
        var profile = new CustomerProfileRequest("List customer", "business", "large", "LS-C", Accounts: ["LS-1", "LS-3"]);
        Assert.Equal(201, (await grid.SendAsync(HttpMethod.Post, "/v1/customers", profile)).Status);
        Assert.Equal(["LS-1", "LS-3"], await AccountsAsync("customer=LS-C"));
    }

    [Fact]
    public async Task A_caller_with_a_scope_sees_what_is_theirs_whatever_they_ask_for()
    {
        foreach (var (id, area, manager) in new[] { ("SC-1", "scope-a", "sara"), ("SC-2", "scope-b", "sven") })
        {
            Assert.Equal(200, (await grid.SendAsync(HttpMethod.Put, $"/v1/areas/{area}", new AreaRequest(area, "Asia/Shanghai"))).Status);
            await grid.OpenAsync(id);
            await ContactAsync(id, area, manager);
        }

        using var collector = grid.WithKey(await KeyAsync(new CreateKeyRequest("collector", "c", Area: "scope-a")));
        using var manager2 = grid.WithKey(await KeyAsync(new CreateKeyRequest("account-manager", "m", Manager: "sven")));
        using var gateway = grid.WithKey(await KeyAsync(new CreateKeyRequest("gateway", "g", Gateway: "G1")));
        Assert.Equal(["SC-1"], await AccountsAsync("", collector));
        await MetersAreAsync(["SC-1"], "account=SC-1");
        await MetersAreAsync(["SC-2"], "account=SC-2");
        await MetersAreAsync(["SC-1"], "", collector);
        Assert.Equal([], await MetersAsync("account=SC-2", collector));
        Assert.Equal([], await AccountsAsync("manager=sven", collector));
        Assert.Equal((403, "area.not_own"), await CodeAsync("/v1/accounts?area=scope-b", collector));
        Assert.Equal((403, "area.not_own"), await CodeAsync("/v1/meters?area=scope-b", collector));
        Assert.Equal(["SC-2"], await AccountsAsync("", manager2));
        Assert.Equal([], await AccountsAsync("manager=sara", manager2));
        Assert.Equal([], await MetersAsync("account=SC-1", manager2));
        foreach (var path in new[] { "/v1/payments", "/v1/bills" })
        {
            Assert.Equal(403, (await CodeAsync(path, collector)).Status);
            Assert.Equal(403, (await CodeAsync(path, manager2)).Status);
        }

        foreach (var path in new[] { "/v1/accounts", "/v1/meters", "/v1/payments", "/v1/bills" })
        {
            Assert.Equal(403, (await CodeAsync(path, gateway)).Status);
        }

        // A page's cursor lets nobody further than the scope.
        using var first = await grid.Http.GetAsync("/v1/accounts?limit=1");
        var cursor = JsonDocument.Parse(await first.Content.ReadAsStringAsync()).RootElement.GetProperty("nextCursor").GetString()!;
        Assert.Equal(["SC-1"], await AccountsAsync($"cursor={cursor}", collector));
    }

    [Fact]
    public async Task Payments_are_listed_newest_first_page_by_page_by_account_and_by_time()
    {
        await grid.OpenAsync("PAYL-1");
        await grid.OpenAsync("PAYL-2");
        for (var i = 1; i <= 5; i++)
        {
            Assert.Equal(201, (await grid.SendAsync(
                HttpMethod.Post, $"/v1/accounts/PAYL-{1 + (i % 2)}/payments", new PaymentRequest($"{i}", Reference: $"r{i}"), $"payl-{i}")).Status);
        }

        var of = await Eventually.GetAsync(() => PaymentsAsync("account=PAYL-2"), p => p.Count == 3, "The entries of three payments");
        Assert.Equal(["r5", "r3", "r1"], of.Select(p => p.Reference));
        Assert.Equal(["5.000000000", "3.000000000", "1.000000000"], of.Select(p => p.Amount));
        Assert.Equal("9.000000000", of[0].Balance);
        await Eventually.GetAsync(() => PaymentsAsync("account=PAYL-1"), p => p.Count == 2, "The entries of two payments");
        var all = await PaymentsAsync($"from={Uri.EscapeDataString(of[^1].At.ToString("O"))}&limit=2", pages: true);
        Assert.Equal(["r5", "r4", "r3", "r2", "r1"], all.Where(p => p.Account.StartsWith("PAYL", StringComparison.Ordinal)).Select(p => p.Reference));
        Assert.Equal(all.Count, all.Select(p => p.Id).Distinct().Count());
        Assert.Equal(of[1], Assert.Single(await PaymentsAsync(
            $"account=PAYL-2&from={Uri.EscapeDataString(of[1].At.ToString("O"))}&to={Uri.EscapeDataString(of[0].At.ToString("O"))}")));
        Assert.Equal((400, "request.invalid"), await CodeAsync("/v1/payments?account=PAYL-1&customer=C", grid.Http));
        Assert.Equal(404, (await CodeAsync("/v1/payments?account=PAYL-NONE", grid.Http)).Status);
    }

    [Theory]
    [InlineData("/v1/accounts?limit=1", "/v1/accounts?manager=x")]
    [InlineData("/v1/meters?limit=1", "/v1/accounts?limit=1")]
    public async Task A_cursor_of_another_list_is_refused(string from, string to)
    {
        await grid.OpenAsync($"CUR-{Guid.NewGuid():N}"[..16]);
        await grid.OpenAsync($"CUR-{Guid.NewGuid():N}"[..16]);
        var cursor = await Eventually.GetAsync(
            async () => (await grid.SendAsync(HttpMethod.Get, from)).Body.GetProperty("nextCursor").GetString(), c => c is not null, $"{from} has two pages");
        Assert.Equal((400, "request.invalid"), await CodeAsync($"{to}&cursor={cursor}", grid.Http));
    }

    private Task<List<string>> AccountsAsync(string query, HttpClient? http = null) => IdsAsync<AccountListItem>($"/v1/accounts?{query}", a => a.Id, http);

    /// <summary>A meter's row has its account when the partition has written it, a moment after the answer.</summary>
    private async Task MetersAreAsync(IReadOnlyList<string> right, string query, HttpClient? http = null) =>
        await Eventually.GetAsync(() => MetersAsync(query, http), m => m.SequenceEqual(right), $"The meters of '{query}' are {string.Join(", ", right)}");

    private Task<List<string>> MetersAsync(string query, HttpClient? http = null) => IdsAsync<MeterListItem>($"/v1/meters?{query}", m => m.Id, http);

    private async Task<List<string>> IdsAsync<T>(string path, Func<T, string> id, HttpClient? http)
    {
        var (status, body) = await grid.SendAsync(HttpMethod.Get, path, http: http);
        Assert.Equal(200, status);
        return [.. body.Deserialize<Page<T>>(JsonSerializerOptions.Web)!.Data.Select(id)];
    }

    private async Task<List<PaymentListItem>> PaymentsAsync(string query, bool pages = false) => pages
        ? await grid.Admin.ListAsync<PaymentListItem>($"/v1/payments?{query}")
        : [.. (await grid.Admin.GetAsync<Page<PaymentListItem>>($"/v1/payments?{query}")).Data];

    private async Task ContactAsync(string id, string area, string manager) => Assert.Equal(
        200, (await grid.SendAsync(HttpMethod.Put, $"/v1/accounts/{id}/contact", new ContactRequest("en", [], area, manager))).Status);

    private async Task<string> KeyAsync(CreateKeyRequest request) => (await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", request)).Key;

    private async Task<(int Status, string? Code)> CodeAsync(string path, HttpClient http)
    {
        var (status, body) = await grid.SendAsync(HttpMethod.Get, path, http: http);
        return (status, body.ValueKind == JsonValueKind.Object && body.TryGetProperty("code", out var code) ? code.GetString() : null);
    }
}
