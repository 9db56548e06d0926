using AccountGrid.Host.Accounts;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Http;
using AccountGrid.Host.Security;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests.OperatorConsole;

/// <summary>Payment plans of all accounts: by state and area, page by page, for whom they concern, and as a file.</summary>
public sealed class PlanListTests(CustomerGrid town) : IClassFixture<CustomerGrid>
{
    [Fact]
    public async Task Plans_are_listed_by_state_for_those_whose_accounts_they_are()
    {
        string[] ids = ["PLS-1", "PLS-2", "PLS-3"];
        foreach (var id in ids)
        {
            await town.OpenAsync(id, "postpaid", "cn-residential", []);
            await town.ContactAsync(id, "en", id == "PLS-3" ? "pls-south" : "pls-north");
            Assert.Equal(201, (await town.Grid.SendAsync(
                HttpMethod.Post, $"/v1/accounts/{id}/adjustments", new AdjustmentRequest("-60", "call-out"), key: id)).Status);
        }

        await town.LiveAsync(ids, 40, whPerDay: 1_000);
        Assert.Empty((await ListAsync("")).Data);
        var day = DateOnly.FromDateTime(town.Grid.Time.GetUtcNow().UtcDateTime).AddDays(10);
        foreach (var id in ids)
        {
            var plan = new PlanRequest([new(day, "20.5"), new(day.AddDays(30), "30")]);
            Assert.Equal((200, null), await town.CodeAsync(HttpMethod.Post, $"/v1/accounts/{id}/plans", plan));
        }

        Assert.Equal((200, null), await town.CodeAsync(HttpMethod.Delete, "/v1/accounts/PLS-2/plans?reason=moved"));
        var open = await Eventually.GetAsync(() => ListAsync(""), p => p.Data is [{ Account: "PLS-3" }, { Account: "PLS-1" }], "Two plans are open");
        var first = open.Data[0];
        Assert.Equal(("50.500000000", day.AddDays(30), "open", (DateTimeOffset?)null), (first.Total, first.LastDay, first.State, first.EndedAt));
        Assert.Equal([(day, "20.500000000"), (day.AddDays(30), "30.000000000")], first.Instalments.Select(i => (i.Day, i.Amount)));
        var cancelled = (await Eventually.GetAsync(() => ListAsync("state=cancelled"), p => p.Data.Count == 1, "One is cancelled")).Data[0];
        Assert.Equal(("PLS-2", true), (cancelled.Account, cancelled.EndedAt >= cancelled.AgreedAt));

        // By key, and a cursor is of its own filters only.
        var one = await ListAsync("limit=1");
        Assert.Equal(("PLS-3", true), (one.Data.Single().Account, one.HasMore));
        var two = await ListAsync($"limit=1&cursor={one.NextCursor}");
        Assert.Equal(("PLS-1", (string?)null), (two.Data.Single().Account, two.NextCursor));
        Assert.Equal(400, (await town.CodeAsync(HttpMethod.Get, $"/v1/plans?state=broken&cursor={one.NextCursor}")).Status);
        Assert.Equal(400, (await town.CodeAsync(HttpMethod.Get, "/v1/plans?state=done")).Status);
        Assert.Equal(["PLS-3"], (await ListAsync("area=pls-south")).Data.Select(p => p.Account));

        using var collector = town.Grid.WithKey(
            (await town.Grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("collector", "pls", Area: "pls-north"))).Key);
        Assert.Equal(["PLS-1"], await OwnAsync(collector, ""));
        Assert.Equal([], await OwnAsync(collector, "?area=pls-south"));
        await PagesAsync();
        await BrokenAsync();
    }

    /// <summary>The page and its file show the same.</summary>
    private async Task PagesAsync()
    {
        using var browser = await ConsoleBrowser.AsAsync(town.Grid, "auditor", language: "zh-CN");
        await browser.GetAsync("/console/plans?state=open&area=pls-north");
        Assert.Contains("href=\"/console/accounts/PLS-1\"", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("PLS-3", browser.Text, StringComparison.Ordinal);
        Assert.Contains("href=\"/console/plans.csv?state=open&amp;area=pls-north\"", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync("/console/plans.csv?state=open&area=pls-north");
        var lines = browser.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Contains("state=open; area=pls-north; UTC; 1 ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("PLS-1,", lines[2], StringComparison.Ordinal);
        Assert.Contains(",50.500000000,", lines[2], StringComparison.Ordinal);
        await browser.GetAsync("/console/plans?state=done");
        Assert.Contains("role=\"alert\"", browser.Text, StringComparison.Ordinal);
    }

    /// <summary>What is not paid by its day breaks a plan, and nobody has to say so.</summary>
    private async Task BrokenAsync()
    {
        await town.LiveAsync(["PLS-1", "PLS-3"], 13, whPerDay: 100);
        var broken = await Eventually.GetAsync(() => ListAsync("state=broken"), p => p.Data.Count == 2, "Both plans are broken");
        Assert.All(broken.Data, p => Assert.NotNull(p.EndedAt));
        Assert.Empty((await ListAsync("")).Data);
    }

    private Task<Page<PlanAnswer>> ListAsync(string query) => town.Grid.Admin.GetAsync<Page<PlanAnswer>>($"/v1/plans?{query}");

    private async Task<List<string>> OwnAsync(HttpClient http, string query)
    {
        var (status, body) = await town.Grid.SendAsync(HttpMethod.Get, $"/v1/plans{query}", http: http);
        Assert.Equal(200, status);
        return [.. body.GetProperty("data").EnumerateArray().Select(p => p.GetProperty("account").GetString()!)];
    }
}
