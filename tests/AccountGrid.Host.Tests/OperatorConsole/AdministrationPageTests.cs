using System.Net;
using System.Text.RegularExpressions;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.OperatorConsole;
using AccountGrid.Host.Security;
using AccountGrid.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.OperatorConsole;

/// <summary>The console's pages of administration, and who may open which page and use which button.</summary>
public sealed partial class AdministrationPageTests(GridFixture grid)
{
    private const string Hostile = "<script>alert(1)</script>\"'&";

    private static readonly string[] Pages =
    [
        "/console/collections", "/console/payments", "/console/suspense", "/console/agents", "/console/service", "/console/tariffs", "/console/policies",
        "/console/grid", "/console/gateways", "/console/keys", "/console/operators", "/console/roles", "/console/audit", "/console/configuration",
    ];

    [Fact]
    public async Task A_key_is_shown_once_made_once_and_revoked()
    {
        using var browser = await ConsoleBrowser.AsAsync(grid, "administrator");
        await browser.GetAsync("/console/do/key-new");
        (string, string)[] entered = [("f.role", "client"), ("f.name", $"Billing {Hostile}")];
        await browser.PostAsync("/console/do/key-new", [.. entered, ("step", "check")]);
        var sent = HiddenKey().Match(browser.Text).Groups[1].Value;
        await browser.PostAsync("/console/do/key-new", [.. entered, ("step", "do")]);
        Assert.Equal(200, browser.Status);
        var key = SecretKey().Match(browser.Text).Value;
        using (var http = grid.WithKey(key))
        {
            Assert.Equal(200, (await grid.SendAsync(HttpMethod.Get, "/v1/tariffs", http: http)).Status);
        }

        // The page is loaded again: no second key, and the first is not shown.
        await browser.GetAsync("/console/do/key-new");
        await browser.PostAsync("/console/do/key-new", [.. entered, ("key", sent), ("step", "do")]);
        Assert.Equal(409, browser.Status);
        Assert.Contains("key.made_already", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(key, browser.Text, StringComparison.Ordinal);

        var id = key.Split('_')[1];
        await UntilListedAsync(browser, id);
        Assert.DoesNotContain("<script>alert", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(key.Split('_')[2], browser.Text, StringComparison.Ordinal);
        await browser.DoAsync("key-rotate", id, ("overlapMinutes", "0"));
        var rotated = SecretKey().Match(browser.Text).Value;
        Assert.NotEqual(id, rotated.Split('_')[1]);
        await browser.DoAsync("key-revoke", rotated.Split('_')[1]);
        Assert.Equal("/console?done=key-revoke", browser.Went);
        foreach (var ended in new[] { key, rotated })
        {
            using var http = grid.WithKey(ended);
            Assert.Equal(401, (await grid.SendAsync(HttpMethod.Get, "/v1/tariffs", http: http)).Status);
        }
    }

    /// <summary>Whoever can make keys of people would be a second person to themselves.</summary>
    [Theory]
    [InlineData("administrator")]
    [InlineData("auditor")]
    [InlineData("collector")]
    [InlineData("account-manager")]
    public async Task No_key_of_a_person_is_made_in_the_console(string role)
    {
        using var browser = await ConsoleBrowser.AsAsync(grid, "administrator");
        await browser.GetAsync("/console/do/key-new");
        await browser.PostAsync("/console/do/key-new", ("f.role", role), ("f.name", "me again"), ("step", "do"));
        Assert.Equal(422, browser.Status);
        Assert.DoesNotMatch(SecretKey(), browser.Text);
    }

    [Fact]
    public async Task The_trail_is_found_by_person_account_path_and_day()
    {
        await grid.OpenAsync("CAP-1");
        using var browser = await ConsoleBrowser.AsAsync(grid, "administrator");
        await browser.DoAsync("payment", "CAP-1", ("amount", "1"), ("channel", "counter"));
        await browser.DoAsync("gateway-new", null, ("id", "cap-gateway"));
        var mine = (await grid.Admin.ListAsync<AuditedAnswer>("/v1/accounts/CAP-1/audit"))
            .First(r => r.Person.StartsWith("operator", StringComparison.Ordinal));
        async Task<string> AskAsync(string query)
        {
            await browser.GetAsync($"/console/audit?{query}");
            Assert.Equal(200, browser.Status);
            return browser.Text;
        }

        var person = Uri.EscapeDataString(mine.Person);
        var all = await AskAsync($"person={person}");
        Assert.Contains("POST /v1/accounts/CAP-1/payments", all, StringComparison.Ordinal);
        Assert.Contains("POST /v1/gateways", all, StringComparison.Ordinal);
        Assert.Contains("href=\"/console/accounts/CAP-1\"", all, StringComparison.Ordinal);
        var one = await AskAsync($"person={person}&path=/v1/gateways&method=POST");
        Assert.Contains("POST /v1/gateways", one, StringComparison.Ordinal);
        Assert.DoesNotContain("CAP-1/payments", one, StringComparison.Ordinal);
        var account = await AskAsync("account=CAP-1");
        Assert.Contains("/v1/accounts/CAP-1/payments", account, StringComparison.Ordinal);
        Assert.DoesNotContain("/v1/gateways", account, StringComparison.Ordinal);
        var own = await AskAsync($"grid=true&person={person}");
        Assert.Contains("POST /v1/gateways", own, StringComparison.Ordinal);
        Assert.DoesNotContain("CAP-1/payments", own, StringComparison.Ordinal);
        var day = mine.At.UtcDateTime.ToString("yyyy-MM-dd", null);
        Assert.Contains("CAP-1/payments", await AskAsync($"person={person}&from={day}&to={day}"), StringComparison.Ordinal);
        Assert.Contains("None of the rows", await AskAsync($"person={person}&to={mine.At.UtcDateTime.AddDays(-1):yyyy-MM-dd}"), StringComparison.Ordinal);
        Assert.Contains("role=\"alert\"", await AskAsync("from=soon"), StringComparison.Ordinal);
        Assert.Contains("exclude each other", await AskAsync("account=CAP-1&grid=true"), StringComparison.Ordinal);
        var hostile = Uri.EscapeDataString(Hostile);
        Assert.DoesNotContain("<script>alert", await AskAsync($"person={hostile}&path={hostile}"), StringComparison.Ordinal);
    }

    /// <summary>A page looks at so many rows and no more, and says where to go on; all pages together have every row once.</summary>
    [Fact]
    public async Task A_filter_that_few_rows_pass_is_gone_through_page_by_page()
    {
        await grid.OpenAsync("CAP-2");
        for (var i = 0; i < 7; i++)
        {
            Assert.Equal(201, (await grid.SendAsync(HttpMethod.Post, "/v1/accounts/CAP-2/payments", new PaymentRequest("1"), $"cap-2-{i}")).Status);
        }

        var reader = grid.Host.Services.GetRequiredService<AuditReader>();
        foreach (var filter in new[]
        {
            new AuditFilter(null, "CAP-2", null, "/v1/accounts/CAP-2/payments", null, null),
            new AuditFilter(null, null, "POST", "/v1/accounts/CAP-2/pay", null, null),
        })
        {
            var (found, pages, after) = (new List<AuditedAnswer>(), 0, (AuditPlace?)null);
            do
            {
                var (rows, next) = await reader.ReadAsync(filter, after, 3, seenMax: 5);
                Assert.True(rows.Count <= 3);
                found.AddRange(rows);
                after = next;
            }
            while (after is not null && ++pages < 10_000);
            Assert.Equal(7, found.Count);
            Assert.Equal(7, found.DistinctBy(r => (r.Account, r.Sequence)).Count());
            Assert.True(pages >= 2);
        }

        // What a gateway or a channel did is in no list of people.
        var people = await reader.ReadAsync(new(null, null, null, null, null, null), null, 200);
        Assert.DoesNotContain(people.Rows, r => r.Role is "Channel" or "Gateway" or "Client" or "");
    }

    [Fact]
    public async Task The_configuration_is_shown_with_its_defaults_and_without_secrets()
    {
        using var browser = await ConsoleBrowser.AsAsync(grid, "auditor", language: "zh-CN");
        await browser.GetAsync("/console/configuration");
        Assert.Contains("<th scope=\"row\">Grid__Partitions</th>", browser.Text, StringComparison.Ordinal);
        Assert.Contains("<td>16 （已更改）</td>", browser.Text, StringComparison.Ordinal);
        Assert.Contains("Partitions of the log", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Grid__CommitSpacingMs", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync("/console/configuration?all=true");
        Assert.Contains("Grid__CommitSpacingMs", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync("/console/roles");
        Assert.Contains("与客户约定：分期、暂缓、减免", browser.Text, StringComparison.Ordinal);
    }

    /// <summary>A page is there for whoever may ask what it is about, the navigation leads to it, and to nothing else.</summary>
    [Theory]
    [InlineData("auditor", null, null)]
    [InlineData("collector", "con-north", null)]
    [InlineData("account-manager", null, "mia")]
    [InlineData("administrator", null, null)]
    public async Task A_role_has_the_pages_and_buttons_that_the_api_lets_it_use_and_no_others(string role, string? area, string? manager)
    {
        using var browser = await ConsoleBrowser.AsAsync(grid, role, area, manager);
        var api = grid.Host.Services.GetRequiredService<ConsoleApi>();
        var sources = grid.Host.Services.GetServices<EndpointDataSource>().ToList();
        var known = OperatorStore.Roles[role];
        foreach (var page in ConsoleSections.All.SelectMany(s => s.Pages).Where(p => Pages.Contains(p.Path)))
        {
            var may = api.Allows(sources, known, "GET", page.Needs);
            await browser.GetAsync(page.Path);
            Assert.Equal((page.Path, may ? 200 : 403), (page.Path, browser.Status));
            Assert.DoesNotContain("role=\"alert\"", browser.Text, StringComparison.Ordinal);
            foreach (var link in ActionLink().Matches(browser.Text).Select(m => m.Groups[1].Value))
            {
                var action = ConsoleActions.Find(link)!;
                Assert.True(api.Allows(sources, known, action.Method, action.Pattern), $"{role} has {link} on {page.Path}.");
            }

            await browser.GetAsync("/console/me");
            var section = ConsoleSections.All.First(s => s.Pages.Contains(page));
            var isLinked = section.Pages.Any(p => browser.Text.Contains($"href=\"{p.Path}\"", StringComparison.Ordinal));
            Assert.Equal(section.Pages.Any(p => api.Allows(sources, known, "GET", p.Needs)), isLinked);
        }

        foreach (var action in SectionActions.All)
        {
            var may = api.Allows(sources, known, action.Method, action.Pattern);
            await browser.GetAsync($"/console/do/{action.Name}");
            Assert.Equal((action.Name, may ? 200 : 403), (action.Name, browser.Status));
            if (!may)
            {
                await browser.GetAsync("/console/me");
                await browser.PostAsync($"/console/do/{action.Name}?id=x", [("step", "do"), .. action.Fields.Select(f => ($"f.{f.Name}", "1"))]);
                Assert.Equal((action.Name, 403), (action.Name, browser.Status));
            }
        }
    }

    /// <summary>Every action of the pages is somebody's: a button that no page has cannot be used.</summary>
    [Fact]
    public void Every_action_stands_on_a_page()
    {
        var folder = Path.Combine(DocumentTests.Root(), "src", "AccountGrid.Host", "OperatorConsole");
        var source = string.Concat(Directory.EnumerateFiles(folder, "*.razor").Select(File.ReadAllText));
        Assert.All(SectionActions.All, a => Assert.Contains($"Action=\"{a.Name}\"", source, StringComparison.Ordinal));
    }

    private static Task<string> UntilListedAsync(ConsoleBrowser browser, string id) => Eventually.GetAsync(
        async () =>
        {
            for (var address = "/console/keys"; ;)
            {
                await browser.GetAsync(address);
                var next = NextLink().Match(browser.Text);
                if (browser.Text.Contains($"<td>{id}</td>", StringComparison.Ordinal) || !next.Success)
                {
                    return browser.Text;
                }

                address = WebUtility.HtmlDecode(next.Groups[1].Value);
            }
        },
        t => t.Contains($"<td>{id}</td>", StringComparison.Ordinal), "The key in the list");

    [GeneratedRegex("name=\"key\" value=\"([0-9a-f]{32})\"")]
    private static partial Regex HiddenKey();

    [GeneratedRegex("agk_[0-9a-f]{16}_[0-9a-f]{64}")]
    private static partial Regex SecretKey();

    [GeneratedRegex("/console/do/([a-z-]+)\\?")]
    private static partial Regex ActionLink();

    [GeneratedRegex("class=\"next\" rel=\"next\" href=\"([^\"]+)\"")]
    private static partial Regex NextLink();
}
