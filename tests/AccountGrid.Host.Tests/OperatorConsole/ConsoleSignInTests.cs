using System.Net;
using System.Text.RegularExpressions;
using AccountGrid.Host.Security;
using AccountGrid.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.OperatorConsole;

/// <summary>Who gets in at the console, for how long, and who does not.</summary>
public sealed class ConsoleSignInTests(GridFixture grid)
{
    [Fact]
    public async Task The_administrators_key_makes_an_operator_and_a_wrong_one_does_not()
    {
        using var browser = new ConsoleBrowser(grid.Host.Url);
        await browser.GetAsync("/console/cases?owner=me");
        Assert.Equal("/console/sign-in?back=%2Fconsole%2Fcases%3Fowner%3Dme", browser.Went);
        await browser.GetAsync("/console/setup");
        var wrong = "agk_0000000000000000_" + new string('0', 64);
        await browser.PostAsync("/console/setup", ("key", wrong), ("name", "first"), ("password", ConsoleBrowser.Password));
        Assert.Equal(401, browser.Status);
        await browser.PostAsync("/console/setup", ("key", grid.Host.AdministratorKey), ("name", "First!"), ("password", ConsoleBrowser.Password));
        Assert.Equal(422, browser.Status);
        Assert.Contains("name: &#x27;First!&#x27; is not 1 to 64 lower-case letters", browser.Text, StringComparison.Ordinal);
        await browser.PostAsync("/console/setup", ("key", grid.Host.AdministratorKey), ("name", "first"), ("password", "short"));
        Assert.Contains("password: it has 5 characters; 12 to 256 are needed.", browser.Text, StringComparison.Ordinal);
        await browser.PostAsync("/console/setup", ("key", grid.Host.AdministratorKey), ("name", "first"), ("password", ConsoleBrowser.Password));
        Assert.Equal((200, "/console"), (browser.Status, browser.Went));
        Assert.Contains("<h1>Today</h1>", browser.Text, StringComparison.Ordinal);
        var trail = await grid.Admin.ListAsync<AuditedAnswer>("/v1/audit");
        Assert.Contains(trail, r => r is { Person: "operator first", Path: "/console/setup" });
        Assert.Contains(trail, r => r.Path == "/v1/operators" && r.Person.StartsWith("key ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_session_is_new_at_each_sign_in_and_ends_with_the_sign_out()
    {
        using var browser = await ConsoleBrowser.AsAsync(grid, "auditor");
        var uri = new Uri(grid.Host.Url + "/console");
        var cookie = browser.Cookies.GetCookies(uri)["accountgrid"]!;
        Assert.True(cookie.HttpOnly);
        var name = await NameOfAsync(cookie.Value);

        // A cookie that somebody planted before is no session afterwards.
        await browser.SignInAsync(name, ConsoleBrowser.Password);
        var second = browser.Cookies.GetCookies(uri)["accountgrid"]!.Value;
        Assert.NotEqual(cookie.Value, second);
        await browser.PostAsync("/console/sign-out");
        Assert.Equal("/console/sign-in", browser.Went);
        browser.Cookies.Add(uri, new Cookie("accountgrid", second));
        await browser.GetAsync("/console");
        Assert.StartsWith("/console/sign-in", browser.Went, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("disable")]
    [InlineData("password")]
    [InlineData("idle")]
    [InlineData("life")]
    public async Task A_session_ends(string how)
    {
        using var browser = await ConsoleBrowser.AsAsync(grid, "auditor");
        var name = await NameOfAsync(browser.Cookies.GetCookies(new Uri(grid.Host.Url + "/console"))["accountgrid"]!.Value);
        await browser.GetAsync("/console");
        Assert.Equal((200, (string?)null), (browser.Status, browser.Went));
        _ = how switch
        {
            "disable" => (await grid.SendAsync(HttpMethod.Delete, $"/v1/operators/{name}")).Status,
            "password" => (await grid.SendAsync(
                HttpMethod.Post, $"/v1/operators/{name}/password", new OperatorPasswordRequest("another long password"))).Status,
            "idle" => await ExecuteAsync($"update operator_session set seen_at = seen_at - interval '61 minutes' where operator = '{name}'"),
            _ => await ExecuteAsync($"update operator_session set ends_at = made_at where operator = '{name}'"),
        };
        await browser.GetAsync("/console");
        Assert.StartsWith("/console/sign-in", browser.Went, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guessing_is_refused_for_a_name_at_an_address_and_a_right_password_before_that_is_taken()
    {
        using var good = await ConsoleBrowser.AsAsync(grid, "auditor");
        var name = await NameOfAsync(good.Cookies.GetCookies(new Uri(grid.Host.Url + "/console"))["accountgrid"]!.Value);
        using var browser = new ConsoleBrowser(grid.Host.Url);
        for (var i = 0; i < 4; i++)
        {
            await browser.SignInAsync(name, "wrong password");
            Assert.Equal(401, browser.Status);
        }

        await browser.SignInAsync(name, ConsoleBrowser.Password);
        Assert.Equal(200, browser.Status);
        for (var i = 0; i < 5; i++)
        {
            await browser.SignInAsync(name, "wrong password");
            Assert.Equal(401, browser.Status);
        }

        await browser.SignInAsync(name, ConsoleBrowser.Password);
        Assert.Equal(429, browser.Status);

        // Whoever is in stays in.
        await good.GetAsync("/console");
        Assert.Equal((200, (string?)null), (good.Status, good.Went));
        await ExecuteAsync("delete from operator_sign_in");
    }

    /// <summary>The form comes back as it was, with its key, and nothing was done; another site's form is not kept.</summary>
    [Theory]
    [InlineData("idle")]
    [InlineData("forged")]
    [InlineData("password")]
    public async Task A_form_that_was_sent_after_its_session_comes_back_after_the_sign_in(string how)
    {
        await grid.OpenAsync($"SIG-{how}");
        using var browser = await ConsoleBrowser.AsAsync(grid, "administrator");
        var name = await NameOfAsync(browser.Cookies.GetCookies(new Uri(grid.Host.Url + "/console"))["accountgrid"]!.Value);
        var address = how == "password" ? "/console/do/operator-new" : $"/console/do/payment?id=SIG-{how}&back=%2Fconsole%2Faccounts%2FSIG-{how}";
        await browser.GetAsync(address);
        var key = Regex.Match(browser.Text, "name=\"key\" value=\"([0-9a-f]{32})\"").Groups[1].Value;
        await ExecuteAsync($"update operator_session set seen_at = seen_at - interval '61 minutes' where operator = '{name}'");
        await browser.PostAsync(address, ("f.amount", "12.34"), ("f.channel", "<b>desk"), ("f.reference", "市民"), ("f.password", "a secret password"),
            ("f.name", "x"), ("f.role", "auditor"), ("step", "do"), ("form", how == "forged" ? new string('0', 64) : FormOf(browser.Text)));
        Assert.DoesNotContain("a secret password", browser.Text, StringComparison.Ordinal);
        if (how != "idle")
        {
            Assert.StartsWith("/console/sign-in", browser.Went, StringComparison.Ordinal);
            Assert.DoesNotContain("desk", browser.Text, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(401, browser.Status);
        Assert.Contains("Your session was over, and nothing was done.", browser.Text, StringComparison.Ordinal);
        await browser.PostAsync("/console/sign-in", ("name", name), ("password", "a wrong password"));
        Assert.Equal(401, browser.Status);
        await browser.PostAsync("/console/sign-in", ("name", name), ("password", ConsoleBrowser.Password));
        Assert.Equal(200, browser.Status);
        Assert.Contains("value=\"12.34\"", browser.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"&lt;b&gt;desk\"", browser.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"市民\"", browser.Text, StringComparison.Ordinal);
        Assert.Contains(key, browser.Text, StringComparison.Ordinal);
        Assert.Equal("0.000000000", (await grid.Admin.GetAsync<Accounts.BalanceAnswer>($"/v1/accounts/SIG-{how}/balance")).Amount);
        await browser.PostAsync($"/console/do/payment?id=SIG-{how}", ("f.amount", "12.34"), ("f.channel", "desk"), ("f.reference", "市民"), ("step", "do"));
        Assert.Equal($"/console/accounts/SIG-{how}?done=payment", browser.Went);
        await grid.BalanceAsync($"SIG-{how}", "12.34");

        static string FormOf(string page) => Regex.Matches(page, "name=\"form\" value=\"([0-9a-f]{64})\"")[^1].Groups[1].Value;
    }

    /// <summary>Whoever asks too often reads that in a page, at the console and at a customer's page; a program reads it as before.</summary>
    [Fact]
    public async Task Too_many_requests_are_said_in_a_page()
    {
        await using var few = new GridFixture { More = ["--Security:StrangersPerSecond=1"] };
        await few.InitializeAsync();
        using var browser = new ConsoleBrowser(few.Host.Url, "zh-CN");
        await Eventually.GetAsync(
            async () =>
            {
                await browser.GetAsync("/console/sign-in");
                return browser.Status;
            },
            s => s == 429, "Too many requests");
        Assert.Contains("<h1>请求过多</h1>", browser.Text, StringComparison.Ordinal);
        Assert.True(browser.Last.Headers.RetryAfter is not null);
        await Eventually.GetAsync(
            async () =>
            {
                await browser.GetAsync("/my/x");
                return browser.Status;
            },
            s => s == 429, "Too many requests of a customer's page");
        Assert.Contains("访问过于频繁", browser.Text, StringComparison.Ordinal);
        await Eventually.GetAsync(
            async () =>
            {
                await browser.GetAsync("/v1/tariffs");
                return browser.Status;
            },
            s => s == 429, "Too many requests of the API");
        Assert.Equal("application/problem+json", browser.Last.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("https://evil.example/console")]
    [InlineData("/console/../v1/accounts")]
    [InlineData("/consoles")]
    public async Task The_way_back_leads_nowhere_but_to_the_console(string back)
    {
        using var browser = await ConsoleBrowser.AsAsync(grid, "auditor");
        var name = await NameOfAsync(browser.Cookies.GetCookies(new Uri(grid.Host.Url + "/console"))["accountgrid"]!.Value);
        await browser.GetAsync("/console/sign-in");
        await browser.PostAsync("/console/sign-in", ("name", name), ("password", ConsoleBrowser.Password), ("back", back));
        Assert.True(browser.Went == "/console" || browser.Went!.StartsWith("/console/", StringComparison.Ordinal), browser.Went);
    }

    [Fact]
    public async Task The_api_takes_no_session_and_the_console_no_key()
    {
        using var browser = await ConsoleBrowser.AsAsync(grid, "administrator");
        await browser.GetAsync("/v1/tariffs");
        Assert.Equal(401, browser.Status);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/console");
        request.Headers.Authorization = new("Bearer", grid.Host.AdministratorKey);
        using var stranger = new ConsoleBrowser(grid.Host.Url);
        await stranger.SendAsync(request);
        Assert.StartsWith("/console/sign-in", stranger.Went, StringComparison.Ordinal);
    }

    private async Task<string> NameOfAsync(string token) =>
        OperatorSessions.NameOf((await grid.Host.Services.GetRequiredService<OperatorSessions>().FindAsync(token))!)!;

    private async Task<int> ExecuteAsync(string sql)
    {
        await using var command = grid.Database.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }
}
