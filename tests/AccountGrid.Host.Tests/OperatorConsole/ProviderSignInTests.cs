using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using AccountGrid.Host.Security;
using Deque.AxeCore.Playwright;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Npgsql;

namespace AccountGrid.Host.Tests.OperatorConsole;

/// <summary>Signing in at the console through a provider of OpenID Connect, which answers on loopback.</summary>
public sealed class ProviderSignInTests(OperatorGrid town, BrowserFixture chromium) : IClassFixture<OperatorGrid>
{
    private readonly string _subject = $"s-{Guid.NewGuid():N}";

    private string Person => $"{_subject} at {town.Provider.Issuer}";

    [Fact]
    public async Task Whoever_the_provider_knows_with_a_role_has_a_session_like_any_other()
    {
        using var browser = Browser();
        await browser.GetAsync("/console/cases?owner=me");
        Assert.Contains("/console/sign-in/provider?back=%2Fconsole%2Fcases%3Fowner%3Dme", WebUtility.HtmlDecode(browser.Text), StringComparison.Ordinal);
        await ThroughAsync(browser, Claims("administrator", ("name", "Lin <b>")), "/console/cases?owner=me");
        Assert.Equal((200, "/console/cases?owner=me"), (browser.Status, browser.Went));
        var cookie = browser.Cookies.GetCookies(new Uri(town.Host.Url + "/console"))["__Host-accountgrid"]!;
        Assert.True(cookie is { HttpOnly: true, Secure: true });

        // One person, whether a program shows the token or a browser the session: nobody is two to themselves.
        var token = town.Provider.Token(_subject, ["administrator"]);
        using var program = town.Client(token);
        var known = (await program.GetFromJsonAsync<Http.Page<OperatorAnswer>>("/v1/operators", Http.ApiJson.Options, Cancel))!.Data
            .Single(o => o.Person == Person);
        Assert.Equal(("Lin <b>", "administrator", (string?)null, false, 1), (known.DisplayName, known.Role, known.Scope, known.Disabled, known.Sessions));
        var session = await town.Host.Services.GetRequiredService<OperatorSessions>().FindAsync(cookie.Value);
        Assert.Equal(Person, Http.Permissions.Person(session!));

        // The role is the one of the last sign-in, and what was chosen stays.
        await browser.GetAsync("/console/me");
        await browser.PostAsync("/console/me", ("language", "zh-CN"), ("theme", "dark"));
        await ThroughAsync(browser, Claims("auditor"));
        var second = browser.Cookies.GetCookies(new Uri(town.Host.Url + "/console"))["__Host-accountgrid"]!;
        Assert.NotEqual(cookie.Value, second.Value);
        Assert.Contains("lang=\"zh-CN\"", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync("/console/keys");
        Assert.Equal(403, browser.Status);

        await browser.GetAsync("/console");
        await browser.PostAsync("/console/sign-out");
        Assert.Equal("/console/sign-in?out=1", browser.Went);
        Assert.Contains("/console/sign-out/provider", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync("/console/sign-out/provider");
        Assert.StartsWith(town.Provider.Issuer + "/end?client_id=", browser.Went, StringComparison.Ordinal);

        // Neither the session that was signed out nor the one that it replaced is left for whoever has kept its cookie.
        foreach (var kept in new[] { cookie.Value, second.Value })
        {
            browser.Cookies.Add(new Uri(town.Host.Url), new System.Net.Cookie("__Host-accountgrid", kept) { Secure = true, Path = "/" });
            await browser.GetAsync("/console");
            Assert.StartsWith("/console/sign-in", browser.Went, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("nobody", "names no role")]
    [InlineData("collector", "names no role")]
    [InlineData("account-manager", "names no role")]
    [InlineData(null, "was cancelled")]
    public async Task Whoever_has_no_role_here_or_none_of_anything_is_not_signed_in(string? role, string why)
    {
        using var browser = Browser();
        await ThroughAsync(browser, role is null ? null : Claims(role));
        await NobodyAsync(browser, why);
    }

    [Fact]
    public async Task A_collector_has_the_area_that_the_provider_says()
    {
        using var browser = Browser();
        await ThroughAsync(browser, Claims("collector", ("area", "north")));
        Assert.Equal(200, browser.Status);
        using var admin = town.Client(town.Host.AdministratorKey);
        var all = (await admin.GetFromJsonAsync<Http.Page<OperatorAnswer>>("/v1/operators", Http.ApiJson.Options, Cancel))!.Data;
        Assert.Equal(("collector", "north"), all.Where(o => o.Person == Person).Select(o => (o.Role, o.Scope!)).Single());
    }

    [Fact]
    public async Task Whoever_is_disabled_is_out_at_once_and_has_no_password()
    {
        using var browser = Browser();
        await ThroughAsync(browser, Claims("auditor"));
        Assert.Equal(200, browser.Status);
        using var admin = town.Client(town.Host.AdministratorKey);
        var all = (await admin.GetFromJsonAsync<Http.Page<OperatorAnswer>>("/v1/operators", Http.ApiJson.Options, Cancel))!.Data;
        var name = all.Single(o => o.Person == Person).Name;
        using var password = await admin.PostAsJsonAsync($"/v1/operators/{name}/password", new OperatorPasswordRequest(ConsoleBrowser.Password), Cancel);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, password.StatusCode);
        await using (var command = town.Host.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("delete from operator_sign_in"))
        {
            await command.ExecuteNonQueryAsync(Cancel);
        }

        using var guesser = Browser();
        await guesser.SignInAsync(name, "nobody has this password");
        Assert.Equal(401, guesser.Status);
        using var disabled = await admin.DeleteAsync($"/v1/operators/{name}", Cancel);
        Assert.Equal(HttpStatusCode.NoContent, disabled.StatusCode);
        await browser.GetAsync("/console");
        Assert.StartsWith("/console/sign-in", browser.Went, StringComparison.Ordinal);
        await ThroughAsync(browser, Claims("auditor"));
        await NobodyAsync(browser, "has disabled your access");
    }

    /// <summary>An answer is good for the browser that asked, once, with the token that was made for it.</summary>
    [Theory]
    [InlineData("state")]
    [InlineData("browser")]
    [InlineData("nonce")]
    [InlineData("twice")]
    [InlineData("verifier")]
    public async Task An_answer_that_is_not_the_one_that_was_asked_for_signs_nobody_in(string wrong)
    {
        using var browser = Browser();
        using var other = Browser();
        town.Provider.Spoil = wrong == "nonce" ? c => c["nonce"] = $"{c["nonce"]}x" : null;
        try
        {
            var back = await AskAsync(browser, Claims("administrator"));
            switch (wrong)
            {
                case "state":
                    back = back.Replace("state=", "state=x", StringComparison.Ordinal);
                    break;
                case "verifier":
                    var second = await AskAsync(browser, Claims("administrator"));
                    back = Regex.Replace(back, "code=[0-9a-f]+", Regex.Match(second, "code=[0-9a-f]+").Value);
                    break;
                case "twice":
                    await browser.GetAsync(back);
                    Assert.Equal(200, browser.Status);
                    await browser.PostAsync("/console/sign-out");
                    break;
            }

            await (wrong == "browser" ? other : browser).GetAsync(back);
            await NobodyAsync(wrong == "browser" ? other : browser, "nobody was signed in");
        }
        finally
        {
            town.Provider.Spoil = null;
        }
    }

    [Fact]
    public async Task The_way_back_leads_nowhere_but_to_the_console()
    {
        using var browser = Browser();
        await ThroughAsync(browser, Claims("auditor"), "//evil.example");
        Assert.Equal("/console", browser.Went);
    }

    [Theory]
    [InlineData("en-US", "Sign in through the provider")]
    [InlineData("zh-CN", "通过身份提供方登录")]
    public async Task A_browser_goes_to_the_provider_and_comes_back(string locale, string link)
    {
        town.Provider.Next = Claims("administrator");
        await using var context = await (await chromium.StartAsync()).NewContextAsync(
            new() { IgnoreHTTPSErrors = true, Locale = locale, BaseURL = town.Host.Url });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/console/approvals");
        Assert.Empty((await page.RunAxe()).Violations);
        await page.GetByRole(AriaRole.Link, new() { Name = link }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(town.Host.Url + "/console/approvals");
        await page.Locator("form[action='/console/sign-out'] button").ClickAsync();
        await Assertions.Expect(page.Locator("a[href='/console/sign-out/provider']")).ToBeVisibleAsync();
        Assert.Empty((await page.RunAxe()).Violations);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ConsoleBrowser Browser() => new(town.Host.Url, trust: town.Trust);

    private Dictionary<string, object> Claims(string role, params (string Name, string Value)[] more)
    {
        var claims = new Dictionary<string, object> { ["sub"] = _subject, ["roles"] = new[] { "something-else", role } };
        foreach (var (name, value) in more)
        {
            claims[name] = value;
        }

        return claims;
    }

    /// <summary>To the provider and back: where it sends the browser.</summary>
    private async Task<string> AskAsync(ConsoleBrowser browser, Dictionary<string, object>? claims, string back = "/console")
    {
        town.Provider.Next = claims;
        await browser.GetAsync($"/console/sign-in/provider?back={Uri.EscapeDataString(back)}");
        Assert.Equal(HttpStatusCode.Redirect, browser.Last.StatusCode);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var answer = await http.GetAsync(browser.Last.Headers.Location!, Cancel);
        return answer.Headers.Location!.PathAndQuery;
    }

    private async Task ThroughAsync(ConsoleBrowser browser, Dictionary<string, object>? claims, string back = "/console") =>
        await browser.GetAsync(await AskAsync(browser, claims, back));

    /// <summary>The answer gives no session, and one that the browser has kept from before is none any more.</summary>
    private async Task NobodyAsync(ConsoleBrowser browser, string why)
    {
        Assert.Equal(403, browser.Status);
        Assert.Contains(why, browser.Text, StringComparison.Ordinal);
        var given = browser.Last.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [];
        Assert.DoesNotContain(given, c => c.StartsWith("__Host-accountgrid=", StringComparison.Ordinal));
        await browser.GetAsync("/console");
        Assert.StartsWith("/console/sign-in", browser.Went, StringComparison.Ordinal);
    }
}
