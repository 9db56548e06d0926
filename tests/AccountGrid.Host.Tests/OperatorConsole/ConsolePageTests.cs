using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using AccountGrid.Contracts;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Notices;
using AccountGrid.Host.OperatorConsole;
using AccountGrid.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.OperatorConsole;

/// <summary>The console's pages: what they show to whom, that they do what they say, and that nothing in them is taken for markup.</summary>
public sealed partial class ConsolePageTests(GridFixture grid)
{
    /// <summary>Beginnings of texts that pages of sections name by a code.</summary>
    private static readonly string[] SectionCodes =
    [
        "age", "by", "channel", "command", "complaint", "debit", "delivery", "escalation", "figure", "file", "item", "level",
        "measure", "permission", "plan", "proposal",
        "reconciled", "run", "source", "topic", "unit",
        "version", "webhook",
    ];

    private const string Hostile = "<script>alert(1)</script>\"'&";

    [Fact]
    public async Task The_page_of_an_account_shows_it_and_its_actions_run_to_their_end()
    {
        await OpenAsync("CON-1", "con-north", "mia");
        using var browser = await ConsoleBrowser.AsAsync(grid, "administrator");
        await browser.GetAsync("/console/accounts/CON-1");
        Assert.Equal(200, browser.Status);
        Assert.Contains("0.00 CNY", browser.Text, StringComparison.Ordinal);
        await browser.DoAsync("payment", "CON-1", ("amount", "12.345"), ("channel", "counter"), ("reference", "R-1"));
        Assert.Equal((200, "/console?done=payment"), (browser.Status, browser.Went));
        Assert.Contains("Done: Take a payment", browser.Text, StringComparison.Ordinal);
        await grid.BalanceAsync("CON-1", "12.345000000");
        await browser.DoAsync("hold", "CON-1", ("kind", "manual"), ("reason", "away"), ("until", ""));
        await browser.DoAsync("promise", "CON-1", ("by", grid.Time.GetUtcNow().AddDays(3).ToString("yyyy-MM-dd", null)));
        await Eventually.GetAsync(
            async () =>
            {
                await browser.GetAsync("/console/accounts/CON-1");
                return browser.Text;
            },
            t => t.Contains("12.35 CNY", StringComparison.Ordinal) && t.Contains("POST /v1/accounts/CON-1/holds", StringComparison.Ordinal)
                && t.Contains("<td>Payment</td>", StringComparison.Ordinal),
            "The account with its payment and its audit rows");
        await grid.AssertAuditAsync();
    }

    [Fact]
    public async Task A_payment_that_is_sent_twice_is_taken_once_and_a_refusal_keeps_what_was_typed()
    {
        await OpenAsync("CON-2", "con-north", "mia");
        using var browser = await ConsoleBrowser.AsAsync(grid, "administrator");
        const string Address = "/console/do/payment?id=CON-2&back=%2Fconsole%2Faccounts%2FCON-2";
        await browser.GetAsync(Address);
        await browser.PostAsync(Address, ("f.amount", "many"), ("f.channel", "counter"), ("step", "check"));
        Assert.Equal(422, browser.Status);
        Assert.Contains("value=\"many\"", browser.Text, StringComparison.Ordinal);
        Assert.Contains("Enter an amount with at most nine decimals", browser.Text, StringComparison.Ordinal);
        await browser.PostAsync(Address, ("f.amount", "-5"), ("f.channel", "counter"), ("step", "check"));
        await browser.PostAsync(Address, ("step", "do"));
        Assert.Equal(422, browser.Status);
        Assert.Contains("value=\"-5\"", browser.Text, StringComparison.Ordinal);
        await browser.PostAsync(Address, ("f.amount", "5"), ("f.channel", "counter"), ("step", "check"));
        Assert.Contains("0.00 CNY → 5.00 CNY", WebUtility.HtmlDecode(browser.Text), StringComparison.Ordinal);
        var key = KeyField().Match(browser.Text).Groups[1].Value;
        for (var i = 0; i < 2; i++)
        {
            await browser.GetAsync(Address);
            await browser.PostAsync(Address, ("f.amount", "5"), ("f.channel", "counter"), ("key", key), ("step", "do"));
            Assert.Equal("/console/accounts/CON-2?done=payment", browser.Went);
        }

        await grid.BalanceAsync("CON-2", "5.000000000");
    }

    [Fact]
    public void Every_action_is_a_route_of_the_api_and_has_its_texts()
    {
        var api = grid.Host.Services.GetRequiredService<ConsoleApi>();
        var sources = grid.Host.Services.GetServices<EndpointDataSource>();
        foreach (var action in ConsoleActions.All)
        {
            Assert.True(api.Allows(sources, KeyRole.Administrator, action.Method, action.Pattern));
            foreach (var texts in new[] { ConsoleTexts.English, ConsoleTexts.Chinese })
            {
                Assert.NotEmpty(texts[$"act.{action.Name}"]);
                Assert.NotEmpty(texts[$"act.{action.Name}.will"]);
                Assert.All(action.Fields, f => Assert.NotEqual(f.Name, texts.Or("field", f.Name)));
                Assert.All(action.Fields.SelectMany(f => f.Choices ?? []), c => Assert.NotEmpty(texts[$"choice.{c}"]));
            }
        }
    }

    [Fact]
    public async Task An_exception_is_decided_after_a_dry_run_says_what_it_comes_to()
    {
        await grid.OpenAsync("CON-D", capacityW: 1_000);
        await grid.PushAsync(("CON-D", "2026-03-01T06:00:00+08:00", 600), ("CON-D", "2026-03-01T07:00:00+08:00", 5_600));
        using var browser = await ConsoleBrowser.AsAsync(grid, "administrator");
        await Eventually.GetAsync(
            async () =>
            {
                await browser.GetAsync("/console/exceptions?meter=CON-D&open=true");
                return browser.Text;
            },
            t => t.Contains("reading.spike", StringComparison.Ordinal), "The exception of the meter");
        var form = WebUtility.HtmlDecode(DecisionLink().Match(browser.Text).Groups[1].Value);
        await browser.GetAsync(form);
        const string Address = "/console/do/decision?id=CON-D";
        await browser.PostAsync(Address, ("f.decision", "accept"), ("f.valueWh", ""), ("f.method", ""), ("f.reason", "a fair"), ("step", "check"));
        Assert.Equal(200, browser.Status);
        Assert.Contains("<dt>Change of the charged energy, Wh</dt>", browser.Text, StringComparison.Ordinal);
        Assert.Contains("<dd>5000</dd>", browser.Text, StringComparison.Ordinal);
        await grid.BalanceAsync("CON-D", "-0.3");
        await browser.PostAsync(Address, ("step", "do"));
        Assert.Equal("/console/exceptions?meter=CON-D&open=true&done=decision", browser.Went);
        await grid.BalanceAsync("CON-D", "-2.8");
    }

    [Fact]
    public async Task What_waits_for_a_second_person_is_not_called_done_and_another_person_agrees_to_it()
    {
        await OpenAsync("CON-W", "con-north", "mia");
        using var browser = await ConsoleBrowser.AsAsync(grid, "administrator");
        await browser.DoAsync("adjustment", "CON-W", ("amount", "100000"), ("reason", "a large one"), ("corrects", ""));
        Assert.Equal("/console?asked=adjustment", browser.Went);
        Assert.Contains("A second person must agree first: Adjust the balance", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync("/console/approvals");
        Assert.Contains("You asked for this: another person must decide.", browser.Text, StringComparison.Ordinal);
        using var second = await ConsoleBrowser.AsAsync(grid, "administrator");
        await second.GetAsync("/console/approvals");
        var form = ApprovalLink().Matches(second.Text).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value)).Last();
        await second.GetAsync(form);
        await second.PostAsync(form, ("step", "check"));
        await second.PostAsync(form, ("step", "do"));
        Assert.Equal("/console/approvals?done=approval-agree", second.Went);
        await grid.BalanceAsync("CON-W", "100000.0");
    }

    /// <summary>A password is sent once and stands in no page, not even where it was refused.</summary>
    [Fact]
    public async Task A_password_that_was_entered_comes_back_in_no_page()
    {
        using var browser = await ConsoleBrowser.AsAsync(grid, "administrator");
        await browser.GetAsync("/console/do/operator-new");
        Task EnterAsync(string name) => browser.PostAsync(
            "/console/do/operator-new", ("f.name", name), ("f.role", "auditor"), ("f.password", "never shown again"), ("step", "do"));
        await EnterAsync("Not Right");
        Assert.Equal(422, browser.Status);
        Assert.Contains("value=\"Not Right\"", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("never shown again", browser.Text, StringComparison.Ordinal);
        await EnterAsync("con-right");
        Assert.Equal("/console?done=operator-new", browser.Went);
    }

    /// <summary>A button that a role may not use is not there, and the form and the action behind it refuse all the same.</summary>
    [Theory]
    [InlineData("auditor", null, null)]
    [InlineData("collector", "con-north", null)]
    [InlineData("account-manager", null, "mia")]
    [InlineData("administrator", null, null)]
    public async Task A_role_has_the_buttons_that_the_api_lets_it_use_and_no_others(string role, string? area, string? manager)
    {
        await OpenAsync($"CON-R-{role}", "con-north", "mia");
        using var browser = await ConsoleBrowser.AsAsync(grid, role, area, manager);
        await browser.GetAsync($"/console/accounts/CON-R-{role}");
        Assert.Equal(200, browser.Status);
        var page = browser.Text;
        var api = grid.Host.Services.GetRequiredService<ConsoleApi>();
        var sources = grid.Host.Services.GetServices<EndpointDataSource>();
        var known = Host.Security.OperatorStore.Roles[role];
        foreach (var action in ConsoleActions.OfAccount)
        {
            var may = api.Allows(sources, known, action.Method, action.Pattern);
            Assert.Equal(may, page.Contains($"/console/do/{action.Name}?", StringComparison.Ordinal));
            await browser.GetAsync($"/console/do/{action.Name}?id=CON-R-{role}");
            Assert.Equal(may ? 200 : 403, browser.Status);
            if (!may)
            {
                await browser.GetAsync("/console/me");
                await browser.PostAsync($"/console/do/{action.Name}?id=CON-R-{role}", ("step", "do"), ("f.amount", "1"), ("f.reason", "x"), ("f.channel", "c"));
                Assert.Equal(403, browser.Status);
            }
        }
    }

    [Fact]
    public async Task A_search_finds_ids_by_their_beginning_names_and_payments_and_is_in_the_audit_trail()
    {
        await OpenAsync("con-find-a", "con-north", "mia");
        await OpenAsync("con-find-Z", "con-north", "mia");
        var paid = await grid.SendAsync(HttpMethod.Post, "/v1/accounts/con-find-a/payments", new PaymentRequest("1", "counter", "r"), "con-find-1");
        var profile = new Host.Customers.CustomerProfileRequest("林 Finder & Co", "business", "large", "con-find-c", null, Accounts: ["con-find-Z"]);
        Assert.Equal(201, (await grid.SendAsync(HttpMethod.Post, "/v1/customers", profile)).Status);
        await grid.BalanceAsync("con-find-a", "1.0");
        async Task<List<string>> FindAsync(string text) =>
            [.. (await grid.Admin.PostAsync<SearchAnswer>("/v1/search", new SearchRequest(text))).Hits.Select(h => $"{h.Kind} {h.Id} {h.Account}")];
        string[] all = ["account con-find-Z con-find-Z", "account con-find-a con-find-a", "customer con-find-c con-find-Z", "meter con-find-Z con-find-Z",
            "meter con-find-a con-find-a"];
        Assert.Equal(all,
            await Eventually.GetAsync(async () => (await FindAsync("con-find-")).Order(StringComparer.Ordinal).ToList(), l => l.Count == all.Length,
                "All five, the meters too, which are known a moment after they are installed"));
        Assert.Equal(["customer con-find-c con-find-Z"], await FindAsync("林 find"));
        var payment = paid.Body.GetProperty("id").GetString()!;
        Assert.Equal([$"payment {payment} con-find-a"],
            await Eventually.GetAsync(() => FindAsync(payment), l => l.Count > 0, "The payment, whose row is written a moment after it is acknowledged"));
        Assert.Empty(await FindAsync("con-find-nothing"));
        Assert.Equal(422, (await grid.SendAsync(HttpMethod.Post, "/v1/search", new SearchRequest(" "))).Status);
        Assert.Contains(await grid.Admin.ListAsync<Host.Security.AuditedAnswer>("/v1/audit"), r => r.Path == "/v1/search");
    }

    [Fact]
    public async Task Another_areas_account_is_not_shown_and_not_changed()
    {
        await OpenAsync("CON-S", "con-south", "noah");
        using var browser = await ConsoleBrowser.AsAsync(grid, "collector", "con-north");
        foreach (var path in new[] { "", "/entries", "/explain", "/live" })
        {
            await browser.GetAsync($"/console/accounts/CON-S{path}");
            Assert.Equal(403, browser.Status);
        }

        await browser.GetAsync("/console/do/promise?id=CON-S");
        await browser.PostAsync("/console/do/promise?id=CON-S", ("f.by", grid.Time.GetUtcNow().AddDays(3).ToString("yyyy-MM-dd", null)), ("step", "do"));
        Assert.Equal(403, browser.Status);
        await browser.PostAsync("/console/search", ("q", "CON-S"));
        Assert.DoesNotContain("/console/accounts/CON-S", browser.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task A_form_without_the_sessions_mark_does_nothing(string mark)
    {
        using var browser = await ConsoleBrowser.AsAsync(grid, "administrator");
        await browser.GetAsync("/console/do/cuts-stop");
        await browser.PostAsync("/console/do/cuts-stop", ("form", mark), ("f.reason", "forged"), ("f.stopped", "true"), ("step", "do"));
        Assert.Equal(403, browser.Status);
        using var other = new HttpRequestMessage(HttpMethod.Post, "/console/do/cuts-stop") { Content = new FormUrlEncodedContent([]) };
        other.Headers.Add("Sec-Fetch-Site", "cross-site");
        await browser.SendAsync(other);
        Assert.Equal(403, browser.Status);
        Assert.False((await grid.Admin.GetAsync<Supply.CutsAnswer>("/v1/operations/cuts")).Stopped);
    }

    [Fact]
    public async Task The_switch_for_cuts_shows_on_every_page()
    {
        using var browser = await ConsoleBrowser.AsAsync(grid, "administrator");
        using var auditor = await ConsoleBrowser.AsAsync(grid, "auditor", language: "zh-CN");
        try
        {
            await browser.DoAsync("cuts-stop", null, ("reason", $"storm {Hostile}"));
            await auditor.GetAsync("/console/cases");
            Assert.Contains("已暂停全部停电： storm &lt;script&gt;", auditor.Text, StringComparison.Ordinal);
        }
        finally
        {
            await browser.DoAsync("cuts-resume", null, ("reason", "over"));
        }

        await auditor.GetAsync("/console/cases");
        Assert.DoesNotContain("已暂停全部停电", auditor.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_people_typed_is_shown_as_text_and_never_as_markup()
    {
        await OpenAsync("CON-X", "con-north", "mia");
        await grid.SendAsync(HttpMethod.Put, "/v1/accounts/CON-X/contact",
            new ContactRequest("en", [new ContactChannel("webhook", "")], "con-north", Hostile));
        await grid.SendAsync(HttpMethod.Post, "/v1/accounts/CON-X/payments", new PaymentRequest("3", Hostile, Hostile), "con-x-1");
        await grid.SendAsync(HttpMethod.Post, "/v1/accounts/CON-X/adjustments", new AdjustmentRequest("-1", Hostile), "con-x-2");
        await grid.SendAsync(HttpMethod.Post, "/v1/cases", new OpenCaseRequest(Hostile, 8, "CON-X"), "con-x-3");
        await grid.BalanceAsync("CON-X", "2.0");
        using var browser = await ConsoleBrowser.AsAsync(grid, "administrator");
        await browser.PostAsync("/console/search", ("q", Hostile));
        AssertNoMarkup(browser.Text);
        await browser.GetAsync($"/console/accounts/{Uri.EscapeDataString(Hostile)}");
        AssertNoMarkup(browser.Text);
        await browser.GetAsync($"/console/do/payment?id={Uri.EscapeDataString(Hostile)}&amount={Uri.EscapeDataString(Hostile)}&back=javascript:alert(1)");
        AssertNoMarkup(browser.Text);
        Assert.DoesNotContain("javascript:", browser.Text, StringComparison.Ordinal);
        await Eventually.GetAsync(
            async () =>
            {
                await browser.GetAsync("/console/accounts/CON-X");
                AssertNoMarkup(browser.Text);
                return browser.Text;
            },
            t => t.Contains("&lt;script&gt;alert(1)", StringComparison.Ordinal), "The hostile reference as text");
        var policy = browser.Last.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?i) on[a-z]+=|style=", browser.Text);
    }

    /// <summary>The page needs at most 8 statements, also for a collector whose area lies above the account's.</summary>
    [Theory]
    [InlineData("administrator", null)]
    [InlineData("collector", "con-count")]
    public async Task The_page_of_an_account_asks_the_database_little(string role, string? area)
    {
        await grid.SendAsync(HttpMethod.Put, "/v1/areas/con-count", new Host.Customers.AreaRequest("Count", "Asia/Shanghai"));
        await grid.SendAsync(HttpMethod.Put, "/v1/areas/con-count-1", new Host.Customers.AreaRequest("Count 1", "Asia/Shanghai", "con-count"));
        await OpenAsync("CON-C", "con-count-1", "mia");
        using var browser = await ConsoleBrowser.AsAsync(grid, role, area);
        await browser.GetAsync("/console/accounts/CON-C");
        Assert.Equal(200, browser.Status);
        var (spans, trace) = (new List<string>(), ActivityTraceId.CreateRandom().ToString());
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = a =>
            {
                if (a.TraceId.ToString() == trace)
                {
                    lock (spans)
                    {
                        spans.Add(a.GetTagItem("db.query.text") as string ?? a.GetTagItem("db.statement") as string ?? a.DisplayName);
                    }
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/console/accounts/CON-C");
        request.Headers.Add("traceparent", $"00-{trace}-0123456789abcdef-01");
        await browser.SendAsync(request);
        Assert.Equal(200, browser.Status);
        Assert.NotEmpty(spans);
        Assert.True(spans.Count <= 8, string.Join("\n---\n", spans));
    }

    [Fact]
    public async Task A_page_that_is_not_there_says_so_in_the_operators_language()
    {
        using var browser = await ConsoleBrowser.AsAsync(grid, "auditor", language: "zh-CN,zh;q=0.9,en;q=0.5");
        await browser.GetAsync("/console/nothing/here");
        Assert.Equal(404, browser.Status);
        Assert.Contains("<h1>未找到</h1>", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync("/console/accounts/CON-NONE");
        Assert.Equal(404, browser.Status);
        await browser.GetAsync("/console/me");
        await browser.PostAsync("/console/me", ("language", "en"), ("theme", "dark"));
        Assert.Contains("data-theme=\"dark\"", browser.Text, StringComparison.Ordinal);
        Assert.Contains("Your settings", browser.Text, StringComparison.Ordinal);
    }

    /// <summary>A text that a page names and that is not there would break the page when it is shown.</summary>
    [Fact]
    public void Every_text_that_a_page_names_is_there_and_every_text_is_named()
    {
        var folder = Path.Combine(DocumentTests.Root(), "src", "AccountGrid.Host", "OperatorConsole");
        var source = string.Concat(
            Directory.EnumerateFiles(folder).Concat(Directory.EnumerateFiles(Path.Combine(folder, "..", "CustomerPages"))).Select(File.ReadAllText));
        var named = NamedText().Matches(source).Select(m => m.Groups[1].Value).ToHashSet();
        Assert.True(named.Count > 100);
        Assert.Empty(named.Except(ConsoleTexts.English.Keys));
        string[] byCode = ["act", "field", "choice", "case", "priority", "result", "event", "stage", "relay", "entry", "notice", "quality", "wrong", "error",
            "mode", "search", "outcome", "my", "consumption", "timeline", "happened", "fact", .. SectionCodes];
        Assert.Equal([], ConsoleTexts.English.Keys.Where(k => !source.Contains($"\"{k}\"", StringComparison.Ordinal) && !byCode.Contains(k.Split('.')[0])));
    }

    /// <summary>What the grid says by code is said in words: a kind that is new needs a text here.</summary>
    [Fact]
    public void Every_code_that_a_page_shows_has_a_text()
    {
        IEnumerable<string> codes =
        [
            .. Enum.GetValues<CaseKind>().Select(k => $"case.{k.Code()}"), .. Enum.GetNames<Stage>().Select(s => $"stage.{s}"),
            .. Enum.GetNames<Relay>().Select(r => $"relay.{r}"), .. Enum.GetNames<EntryKind>().Select(e => $"entry.{Kebab(e)}"),
            .. Enum.GetValues<NoticeKind>().Except([NoticeKind.BalanceReminder]).Select(k => $"notice.{k.Code()}"),
            .. Enum.GetNames<ConsoleFieldKind>().Where(k => k is not ("Check" or "Secret")).Select(k => $"wrong.{k}"),
        ];
        Assert.Empty(codes.Except(ConsoleTexts.Chinese.Keys));
    }

    [Fact]
    public void Every_text_has_both_languages()
    {
        Assert.True(ConsoleTexts.English.Keys.Count() > 200);
        Assert.All(ConsoleTexts.English.Keys, k => Assert.False(string.IsNullOrWhiteSpace(ConsoleTexts.English[k]), k));
        Assert.All(ConsoleTexts.Chinese.Keys.Where(k => k != "setup.key"),
            k => Assert.True(Letters().IsMatch(ConsoleTexts.Chinese[k]), $"{k} is not in Chinese."));
    }

    /// <summary>A float is 预存款 and collection of arrears 催费 everywhere; what programmers call things is in no text.</summary>
    [Fact]
    public void Texts_have_one_word_for_a_thing_and_none_of_the_program()
    {
        foreach (var word in new[] { "备用金", "催收", "冲销", "建议与", "与建议" })
        {
            Assert.All(ConsoleTexts.Chinese.Keys, k => Assert.DoesNotContain(word, ConsoleTexts.Chinese[k], StringComparison.Ordinal));
        }

        foreach (var word in new[] { "folded", "let go by", "speaks" })
        {
            Assert.All(ConsoleTexts.English.Keys, k => Assert.DoesNotContain(word, ConsoleTexts.English[k], StringComparison.OrdinalIgnoreCase));
        }

        // The items of direct debit are no collection of arrears.
        Assert.All(ConsoleTexts.English.Keys.Where(k => k.StartsWith("debit", StringComparison.Ordinal) || k.StartsWith("act.debit", StringComparison.Ordinal)),
            k => Assert.DoesNotContain("collect", ConsoleTexts.English[k], StringComparison.OrdinalIgnoreCase));
    }

    private static void AssertNoMarkup(string page) => Assert.DoesNotContain("<script>alert", page, StringComparison.OrdinalIgnoreCase);

    private async Task OpenAsync(string id, string area, string manager)
    {
        await grid.OpenAsync(id);
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Put, $"/v1/accounts/{id}/customer", new CustomerRequest("cn-residential"))).Status);
        Assert.Equal(200,
            (await grid.SendAsync(HttpMethod.Put, $"/v1/accounts/{id}/contact",
                new ContactRequest("en", [new ContactChannel("webhook", "")], area, manager))).Status);
    }

    [GeneratedRegex("href=\"(/console/do/decision[^\"]*)\"")]
    private static partial Regex DecisionLink();

    [GeneratedRegex("href=\"(/console/do/approval-agree[^\"]*)\"")]
    private static partial Regex ApprovalLink();

    [GeneratedRegex("name=\"key\" value=\"([0-9a-f]{32})\"")]
    private static partial Regex KeyField();

    private static string Kebab(string name) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    [GeneratedRegex("""(?:T|TextsOf\(http\))\["([^"{]+)"\]""")]
    private static partial Regex NamedText();

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex Letters();
}
