using System.Globalization;
using AccountGrid.Host.Customers;
using AccountGrid.Host.Figures;
using AccountGrid.Host.Http;
using AccountGrid.Host.Supply;
using AccountGrid.Host.Tests.Figures;
using AccountGrid.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.OperatorConsole;

/// <summary>The console's page of collections in a grid where some weeks have gone by.</summary>
public sealed class CollectionPageTests(FigureApiTests.FigureTown town) : IClassFixture<FigureApiTests.FigureTown>
{
    private const string Hostile = "<script>alert(1)</script>\"'&";

    private readonly GridFixture _grid = town.Customers.Grid;

    [Fact]
    public async Task What_is_owed_is_shown_by_age_and_month_as_the_figures_have_it()
    {
        await CountAsync();
        var month = town.Last.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        using var browser = await ConsoleBrowser.AsAsync(_grid, "auditor");
        await browser.GetAsync($"/console/collections?month={month}");
        Assert.Equal(200, browser.Status);
        var end = DateTime.DaysInMonth(town.Last.Year, town.Last.Month);
        var figures = await _grid.Admin.GetAsync<FiguresAnswer>($"/v1/figures?by=month&from={month}-01&to={month}-{end}");
        var owed = figures.Rows.Where(r => r.Name == "receivable").ToList();
        Assert.NotEmpty(owed);
        foreach (var row in owed)
        {
            var amount = decimal.Parse(row.Amount!, CultureInfo.InvariantCulture).ToString("N2", CultureInfo.InvariantCulture);
            Assert.Contains($"<td class=\"number\">{amount} {row.Currency}</td>", browser.Text, StringComparison.Ordinal);
        }

        Assert.Contains("<rect width=\"100\" height=\"10\"", browser.Text, StringComparison.Ordinal);
        Assert.Contains($"As of the end of {figures.StandingDay}", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync("/console/collections?month=2026-13&area=a%20b");
        Assert.Contains("month: &#x27;2026-13&#x27; is not a month", browser.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"a b\"", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync("/console/collections?month=0001-01");
        Assert.Equal(200, browser.Status);
        await browser.GetAsync("/console/collections?month=9999-12");
        Assert.Equal(200, browser.Status);
    }

    [Fact]
    public async Task Areas_are_made_and_get_a_collector()
    {
        using var browser = await ConsoleBrowser.AsAsync(_grid, "administrator");
        await browser.DoAsync("area", null, ("area", "ccp-area"), ("name", Hostile), ("zone", "Asia/Shanghai"), ("parent", ""));
        Assert.Equal("/console?done=area", browser.Went);
        var day = DateOnly.FromDateTime(_grid.Time.GetUtcNow().AddHours(8).UtcDateTime).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await browser.DoAsync("area-collector", null, ("area", "ccp-area"), ("person", "operator lin"), ("from", day));
        Assert.Equal("/console?done=area-collector", browser.Went);
        Assert.Equal("operator lin", (await _grid.Admin.GetAsync<AreaAnswer>("/v1/areas/ccp-area")).Responsible);
        await browser.GetAsync("/console/collections");
        Assert.Contains("operator lin", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", browser.Text, StringComparison.Ordinal);

        // A collector sees the page without what is not theirs, and without an error in its place.
        using var collector = await ConsoleBrowser.AsAsync(_grid, "collector", "ccp-area");
        await collector.GetAsync("/console/collections");
        Assert.Equal(200, collector.Status);
        Assert.DoesNotContain("role=\"alert\"", collector.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Receivable by age", collector.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/console/do/", collector.Text, StringComparison.Ordinal);
        Assert.Contains("Stop notices to deliver by hand", collector.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_planned_cut_is_held_by_the_switch_or_the_breaker_and_let_go()
    {
        await town.Customers.OpenAsync("CCP-CUT", "prepaid", "cn-residential", [], "form 7");
        await town.Customers.PayAsync("CCP-CUT", "30");
        await town.Customers.UntilAsync("CCP-CUT", c => c.Relay == "CutPlanned", days: 20, whPerDay: 24_000);
        using var browser = await ConsoleBrowser.AsAsync(_grid, "administrator");
        var planned = await Eventually.GetAsync(() => OpenAsync("planned"), r => r is not null, "The planned cut");
        Assert.Equal(("cut", "planned", null, false), (planned!.Action, planned.State, planned.HeldBecause, planned.IsReleasable));
        await browser.GetAsync("/console/collections?state=planned");
        Assert.Contains("href=\"/console/accounts/CCP-CUT\"", browser.Text, StringComparison.Ordinal);

        // The switch: nobody can let one go while it is on.
        await browser.DoAsync("cuts-stop", null, ("stopped", "true"), ("reason", "storm"));
        Assert.Equal(("held", "storm", false), (await OpenAsync("held")) is { } held ? (held.State, held.HeldBecause, held.IsReleasable) : default);
        Assert.Null(await OpenAsync("planned"));
        await browser.DoAsync("cuts-resume", null, ("stopped", "false"), ("reason", "over"));
        Assert.Null(await OpenAsync("held"));

        // The breaker: a person can.
        await using (var command = _grid.Database.CreateCommand(
            "update relay_command r set held_reason = 'Breaker: a test' from account a where a.id = 'CCP-CUT' and r.account = a.number "
                + "and r.partition = a.partition"))
        {
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await browser.GetAsync("/console/collections");
        Assert.Contains("Breaker: a test", browser.Text, StringComparison.Ordinal);
        await browser.DoAsync("cut-release", null, ("account", "CCP-CUT"), ("sequence", $"{planned.Sequence}"));
        Assert.Equal("/console?done=cut-release", browser.Went);
        Assert.StartsWith("operator adm-", (await OpenAsync("planned"))!.ReleasedBy, StringComparison.Ordinal);
        Assert.Equal(400, (await _grid.SendAsync(HttpMethod.Get, "/v1/relays/open?state=gone")).Status);
        Assert.Equal(400, (await _grid.SendAsync(HttpMethod.Get, "/v1/relays/open?cursor=eA")).Status);
    }

    /// <summary>The command of the account, found by pages of one, so that cursors lead through all of them.</summary>
    private async Task<OpenRelayAnswer?> OpenAsync(string state)
    {
        var (found, cursor) = (new List<OpenRelayAnswer>(), (string?)null);
        do
        {
            var page = await _grid.Admin.GetAsync<Page<OpenRelayAnswer>>($"/v1/relays/open?state={state}&limit=1{(cursor is null ? "" : $"&cursor={cursor}")}");
            found.AddRange(page.Data);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        Assert.Equal(found.Count, found.DistinctBy(r => (r.Account, r.Sequence)).Count());
        return found.Find(r => r.Account == "CCP-CUT");
    }

    private async Task CountAsync()
    {
        await _grid.Admin.PostAsync<object>("/v1/operations/checkpoint", new { });
        var projector = _grid.Host.Services.GetRequiredService<FigureProjector>();
        var month = town.Last.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        await Eventually.GetAsync(
            async () =>
            {
                await projector.CountAsync();
                return await _grid.Admin.GetAsync<FiguresAnswer>($"/v1/figures?month={month}");
            },
            f => f is { IsComplete: true, StandingDay: not null } && f.Rows.Any(r => r.Name == "receivable"), "The month is counted");
    }
}
