using AccountGrid.Host.Complaints;

namespace AccountGrid.Host.Tests.OperatorConsole;

/// <summary>The console's page of service: a complaint from its filing to its decision, and results that are not shown too early.</summary>
public sealed class ServicePageTests(CustomerGrid customers) : IClassFixture<CustomerGrid>
{
    private readonly GridFixture _grid = customers.Grid;

    [Fact]
    public async Task A_complaint_is_filed_taken_up_and_decided()
    {
        await customers.OpenAsync("CSP-1", "postpaid", "cn-residential", []);
        using var browser = await ConsoleBrowser.AsAsync(_grid, "administrator");
        var text = $"The bill is <b>twice</b> that of last month.\n{new string('x', 1_500)}";
        await browser.DoAsync("complaint", null, ("id", "CSP-1"), ("topic", "bill"), ("text", text), ("channel", ""));
        Assert.Equal("/console?done=complaint", browser.Went);
        var filed = Assert.Single(await _grid.Admin.ListAsync<ComplaintAnswer>("/v1/accounts/CSP-1/complaints"));
        Assert.Equal((text, "Asia/Shanghai"), (filed.Text, filed.Zone));
        await browser.GetAsync("/console/service");
        Assert.Contains("The bill is &lt;b&gt;twice&lt;/b&gt;", browser.Text, StringComparison.Ordinal);
        Assert.Contains("Supply is not cut while it is open.", browser.Text, StringComparison.Ordinal);
        Assert.Contains("Asia/Shanghai", browser.Text, StringComparison.Ordinal);
        await browser.DoAsync("complaint-contact", "CSP-1", ("complaint", filed.Id), ("note", "by phone\nand letter"));
        Assert.Equal("/console?done=complaint-contact", browser.Went);
        await browser.GetAsync("/console/service");
        Assert.Contains("taken up", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain($"complaint-contact?back=%2Fconsole%2Fservice&amp;id=CSP-1&amp;complaint={filed.Id}", browser.Text, StringComparison.Ordinal);

        // What was decided is no longer among the open ones, and is still the account's.
        await browser.DoAsync("complaint-resolve", "CSP-1", ("complaint", filed.Id), ("outcome", "partlyUpheld"), ("note", ""));
        await browser.GetAsync("/console/service");
        Assert.DoesNotContain("href=\"/console/accounts/CSP-1\"", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync("/console/service?account=CSP-1");
        Assert.Contains("partly upheld", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync("/console/service?account=NOBODY");
        Assert.Contains("role=\"alert\"", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync("/console/service?account=a%2Fb%25c");
        Assert.Contains("role=\"alert\"", browser.Text, StringComparison.Ordinal);
        await _grid.AssertAuditAsync();
    }

    [Fact]
    public async Task Results_are_of_a_month_that_is_over_and_for_whoever_may_see_them()
    {
        using var browser = await ConsoleBrowser.AsAsync(_grid, "auditor", language: "zh-CN");
        await browser.GetAsync("/console/service");
        Assert.Contains("问卷结果 2026-02", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("role=\"alert\"", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync("/console/service?month=2026-03");
        Assert.Contains("2026-03 is not over", browser.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"2026-03\"", browser.Text, StringComparison.Ordinal);
        using var collector = await ConsoleBrowser.AsAsync(_grid, "collector", "csp-area");
        await collector.GetAsync("/console/service");
        Assert.Equal(200, collector.Status);
        Assert.DoesNotContain("Survey results", collector.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("role=\"alert\"", collector.Text, StringComparison.Ordinal);
        await customers.OpenAsync("CSP-2", "postpaid", "cn-residential", []);
        await customers.ContactAsync("CSP-2", "en", "csp-other");
        await collector.GetAsync("/console/service?account=CSP-2");
        Assert.Contains("role=\"alert\"", collector.Text, StringComparison.Ordinal);
    }
}
