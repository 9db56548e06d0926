using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Billing;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Complaints;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Security;
using AccountGrid.Host.Tests.OperatorConsole;
using AccountGrid.Testing;
using Deque.AxeCore.Playwright;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace AccountGrid.Host.Tests.CustomerPages;

/// <summary>The page of a customer who has a link: what it shows, to whom, and to whom not any more.</summary>
public sealed partial class CustomerPageTests(PageTest.PageGrid pages, BrowserFixture chromium) : PageTest(pages)
{
    private const string Hostile = "<script>alert(1)</script>\"'&";

    [Fact]
    public async Task A_customer_sees_the_balance_use_bills_and_how_to_pay_and_nothing_more()
    {
        await OpenAsync("MY-1", "en", "13800138000");
        await Customers.PayAsync("MY-1", "200");
        await Customers.LiveAsync("MY-1", 3, 10_000);
        var path = await LinkAsync("MY-1");
        using var http = Browser();
        var answer = await http.GetAsync(path);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var balance = await Grid.Admin.GetAsync<BalanceAnswer>("/v1/accounts/MY-1/balance");
        Assert.Contains($"{decimal.Parse(balance.Amount):N2} CNY", page, StringComparison.Ordinal);
        Assert.Contains("You can pay in the app, at a bank or at any counter.", page, StringComparison.Ordinal);
        Assert.Contains("Asia/Shanghai", page, StringComparison.Ordinal);
        var use = await Grid.Admin.GetAsync<ConsumptionAnswer>("/v1/accounts/MY-1/consumption?by=day");
        Assert.True(use.Data.Count >= 3);
        Assert.All(use.Data, d => Assert.Contains($"{d.From} {d.EnergyWh / 1000m:#,0.###} kWh", page, StringComparison.Ordinal));

        // No number, no meter, nothing of the ladder, no script, nothing from elsewhere.
        Assert.DoesNotContain("13800138000", page, StringComparison.Ordinal);
        Assert.DoesNotContain("cn-residential", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Matches("^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$",
            string.Join(',', answer.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal(["no-referrer"], answer.Headers.GetValues("Referrer-Policy"));
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.Equal(["noindex, nofollow"], answer.Headers.GetValues("X-Robots-Tag"));
        Assert.Contains("余额", await http.GetStringAsync($"{path}?lang=zh-CN"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_use_is_in_the_trail_once_an_hour_and_no_row_has_the_link()
    {
        await OpenAsync("MY-2", "en");
        var path = await LinkAsync("MY-2");
        using var http = Browser();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(path)).StatusCode);
        }

        var name = Name(path);
        Assert.Equal([$"customer MY-2 by staff's link {name} GET /my"], await UsesAsync());
        Grid.Time.Shift(TimeSpan.FromHours(1));
        await http.GetAsync(path);
        Assert.Equal(2, (await UsesAsync()).Count);
        Assert.Equal(0, await NumberAsync($"select count(*)::int from audit_trail where path like '%{path[4..]}%' or person like '%{path[4..]}%'"));

        async Task<List<string>> UsesAsync() =>
            [.. (await Grid.Admin.ListAsync<AuditedAnswer>("/v1/accounts/MY-2/audit")).Where(r => r.Path == "/my")
                .Select(r => $"{r.Person} {r.Method} {r.Path}")];
    }

    [Fact]
    public async Task A_complaint_is_filed_once_is_in_the_trail_and_a_second_of_its_kind_waits_for_the_first()
    {
        await OpenAsync("MY-3", "en");
        var path = await LinkAsync("MY-3");
        using var http = Browser();
        var text = $"Wrong bill {Hostile}\nSecond line";
        foreach (var again in new[] { "first", "pressed twice" })
        {
            var answer = await PostAsync(http, path, ("topic", "bill"), ("text", text));
            Assert.True(answer.Status == HttpStatusCode.SeeOther, again);
            Assert.Equal("?filed=1", answer.To);
        }

        var filed = Assert.Single(await Grid.Admin.ListAsync<ComplaintAnswer>("/v1/accounts/MY-3/complaints"));
        Assert.Equal(("bill", "customer", text, true), (filed.Topic, filed.Source, filed.Text, filed.IsGrievance));
        var trail = await Grid.Admin.ListAsync<AuditedAnswer>("/v1/accounts/MY-3/audit");
        Assert.Contains(trail, r => r.Path == "/v1/accounts/MY-3/complaints" && r.Person == $"customer MY-3 by staff's link {Name(path)}");

        // Another link of the account cannot pile up more of the kind; another kind can be filed.
        var other = await PostAsync(http, await LinkAsync("MY-3"), ("topic", "bill"), ("text", "More"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.Status);
        Assert.Contains("We have a complaint of yours about this", other.Page, StringComparison.Ordinal);
        Assert.Contains(">More</textarea>", other.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await PostAsync(http, path, ("topic", "staff"), ("text", "Rude"))).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PostAsync(http, path, ("topic", "money"), ("text", "x"))).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PostAsync(http, path, ("topic", "bill"), ("text", " "))).Status);
        var hostile = await PostAsync(http, path, ("topic", "bill"), ("text", Hostile));
        Assert.DoesNotContain("<script>alert", hostile.Page, StringComparison.OrdinalIgnoreCase);
        using var cross = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([new("topic", "cut"), new("text", "forged")]) };
        cross.Headers.Add("Sec-Fetch-Site", "cross-site");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await http.SendAsync(cross)).StatusCode);
        Assert.Equal(2, (await Grid.Admin.ListAsync<ComplaintAnswer>("/v1/accounts/MY-3/complaints")).Count);
        Assert.Contains("we answer by", await http.GetStringAsync(path), StringComparison.Ordinal);
        await Grid.AssertAuditAsync();
    }

    /// <summary>What ends a link, each by itself; the page then says the same as for one that nobody made.</summary>
    [Theory]
    [InlineData("ended")]
    [InlineData("another number")]
    [InlineData("erased")]
    [InlineData("attached")]
    [InlineData("detached")]
    [InlineData("expired")]
    public async Task A_link_ends(string how)
    {
        var id = $"MY-E{how[..2]}{how.Length}";
        await OpenAsync(id, "en", "13800138000");
        if (how == "detached")
        {
            await CustomerAsync(id, "13700137000", id);
        }

        var path = await LinkAsync(id);
        using var http = Browser();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(path)).StatusCode);
        switch (how)
        {
            case "ended":
                Assert.Equal(204, (await Grid.SendAsync(HttpMethod.Delete, $"/v1/accounts/{id}/page-links")).Status);
                break;
            case "another number":
                await ContactAsync(id, "en", "13900139000");
                break;
            case "erased":
                Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Delete, $"/v1/accounts/{id}/personal-data")).Status);
                break;
            case "attached":
                await CustomerAsync(id, "13700137000", id);
                break;
            case "detached":
                await CustomerAsync(id, "13700137000");
                break;
            default:
                Grid.Time.Shift(TimeSpan.FromDays(1));
                break;
        }

        using var answer = await http.GetAsync(path);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Equal(how == "expired" ? HttpStatusCode.Gone : HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains(how == "expired" ? "This link has expired" : "This link is not valid", page, StringComparison.Ordinal);
        Assert.DoesNotContain(id, page, StringComparison.Ordinal);
        Assert.Equal(answer.StatusCode, (await PostAsync(http, path, ("topic", "bill"), ("text", "x"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(await LinkAsync(id))).StatusCode);
    }

    [Fact]
    public async Task The_same_contact_and_the_same_customer_written_again_end_no_link()
    {
        await OpenAsync("MY-4", "en", "13800138000");
        await CustomerAsync("MY-4", "13800138000", "MY-4");
        var path = await LinkAsync("MY-4");
        await ContactAsync("MY-4", "zh-CN", "13800138000");
        await CustomerAsync("MY-4", "13800138000", "MY-4");
        using var http = Browser();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(path)).StatusCode);
    }

    /// <summary>An old link shows nothing of the new customer, the new customer sees nothing of the old, and the old number gets no message.</summary>
    [Fact]
    public async Task After_a_move_neither_customer_sees_anything_of_the_other()
    {
        await Customers.OpenAsync("MY-5", "prepaid", "cn-residential", []);
        await CustomerAsync("MY-5X", "old-number", "MY-5");
        await Customers.PayAsync("MY-5", "500");
        await Customers.LiveAsync("MY-5", 3, 7_000);
        var old = await LinkAsync("MY-5");
        await CustomerAsync("MY-5X", "old-number");
        Assert.Equal(0, await NumberAsync(
            "select jsonb_array_length(c.channels) from contact c join account a on a.number = c.account and a.partition = c.partition where a.id = 'MY-5'"));
        await CustomerAsync("MY-5Y", "new-number", "MY-5");
        using var http = Browser();
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(old)).StatusCode);
        var contact = await Grid.Admin.GetAsync<CustomerAnswer>("/v1/accounts/MY-5/customer");
        Assert.Equal("new-number", Assert.Single(contact.Contact!.Channels).To);
        var before = await Grid.Admin.GetAsync<ConsumptionAnswer>("/v1/accounts/MY-5/consumption?by=day");
        await Customers.LiveAsync("MY-5", 2, 4_000);
        var page = await http.GetStringAsync(await LinkAsync("MY-5"));
        Assert.NotEmpty(before.Data);
        Assert.All(before.Data.SkipLast(1), d => Assert.DoesNotContain(d.From, page, StringComparison.Ordinal));
        Assert.Contains((await Grid.Admin.GetAsync<ConsumptionAnswer>("/v1/accounts/MY-5/consumption?by=day")).Data[^1].From, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_notice_has_a_link_that_opens_its_account_and_staff_see_it_hidden_and_the_database_has_none()
    {
        await OpenAsync("MY-6", "en");
        await Customers.PayAsync("MY-6", "1");
        await Customers.LiveAsync("MY-6", 2, 4_000);
        await Customers.NoticesAsync("MY-6", n => n.Exists(x => x is { Kind: "low-balance" or "balance-exhausted", SentAt: not null }));
        var path = await Eventually.GetAsync(() => SentLinkAsync("MY-6"), p => p is not null, "The notice in the file, with its link");
        using var http = Browser();
        Assert.Contains("MY-6", await http.GetStringAsync(path), StringComparison.Ordinal);
        var shown = (await Grid.Admin.ListAsync<NoticeAnswer>("/v1/accounts/MY-6/notices")).First(n => n.Text is not null).Text!;
        Assert.EndsWith($"See your balance, use and bills: {BaseUrl}/my/…", shown, StringComparison.Ordinal);
        Assert.Equal(0, await NumberAsync($"select count(*)::int from outbox where message like '%{path![4..]}%'"));
        var exported = await Grid.Admin.GetAsync<PersonalDataAnswer>("/v1/accounts/MY-6/personal-data");
        Assert.All(exported.Messages, m => Assert.DoesNotMatch(@"/my/[^…]", m.Text ?? ""));
    }

    /// <summary>Traces go to a collector, and have the paths of requests.</summary>
    [Fact]
    public async Task No_trace_of_a_request_has_the_link()
    {
        await OpenAsync("MY-9", "en");
        var path = await LinkAsync("MY-9");
        var (said, trace) = (new List<string>(), ActivityTraceId.CreateRandom().ToString());
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = a =>
            {
                if (a.TraceId.ToString() == trace)
                {
                    lock (said)
                    {
                        said.Add($"{a.Source.Name} {a.DisplayName} {string.Join(' ', a.TagObjects.Select(t => $"{t.Key}={t.Value}"))}");
                    }
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var http = Browser();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("traceparent", $"00-{trace}-0123456789abcdef-01");
        using (var answer = await http.SendAsync(request))
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        // The client is this process, too: what it traces of its own request is its business.
        var server = await Eventually.GetAsync(() => Task.FromResult(said.Where(s => !s.StartsWith("System.Net.Http", StringComparison.Ordinal)).ToList()),
            s => s.Exists(t => t.StartsWith("Microsoft.AspNetCore ", StringComparison.Ordinal)), "The server's trace of the request");
        Assert.DoesNotContain(server, s => s.Contains(path[4..], StringComparison.Ordinal));
        Assert.Contains(server, s => s.Contains("url.path=/my/…", StringComparison.Ordinal));
    }

    /// <summary>Bills by their days and amounts: the bill itself has names, meters and reasons, which a link does not show.</summary>
    [Fact]
    public async Task Bills_are_listed_with_what_they_ask_for_and_nothing_that_people_wrote()
    {
        await Customers.OpenAsync("MY-8", "postpaid", "cn-residential", []);
        await ContactAsync("MY-8", "en", null);
        Assert.Equal(201, (await Grid.SendAsync(
            HttpMethod.Post, "/v1/accounts/MY-8/adjustments", new AdjustmentRequest("-27.5", "a very private reason"), key: "my-8")).Status);
        await Customers.LiveUntilBillAsync("MY-8", whPerDay: 10_000);
        var bill = Assert.Single(await Grid.Admin.ListAsync<BillAnswer>("/v1/accounts/MY-8/bills"));
        var customer = await Grid.Admin.GetAsync<CustomerAnswer>("/v1/accounts/MY-8/customer");
        using var http = Browser();
        var page = await http.GetStringAsync(await LinkAsync("MY-8"));
        Assert.Contains($"{bill.From} – {bill.To}", page, StringComparison.Ordinal);
        Assert.Contains($"{decimal.Parse(bill.Amount):N2} CNY", page, StringComparison.Ordinal);
        Assert.Contains($"<dd>{decimal.Round(decimal.Parse(customer.Unpaid), 2, MidpointRounding.AwayFromZero):N2} CNY</dd>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("private reason", page, StringComparison.Ordinal);
        await ReadsBillAsync(http, bill);
    }

    /// <summary>Its figures in either language, without what people wrote and the meter's whole number; no other bill, and none by another's link.</summary>
    private async Task ReadsBillAsync(HttpClient http, BillAnswer bill)
    {
        await Eventually.GetAsync(
            () => Grid.Admin.ListAsync<BillAnswer>("/v1/accounts/MY-8/bills"), b => b is [{ Document: not null }], "The bill is written");
        var page = await http.GetStringAsync(await LinkAsync("MY-8"));
        var path = WebUtility.HtmlDecode(BillLink().Match(page).Groups[1].Value);
        using var answer = await http.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(bill.Id, text, StringComparison.Ordinal);
        Assert.Contains("…-8", text, StringComparison.Ordinal);
        Assert.DoesNotContain("private reason", text, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'; style-src 'unsafe-inline'", string.Join(',', answer.Headers.GetValues("Content-Security-Policy")),
            StringComparison.Ordinal);
        Assert.Equal(["noindex, nofollow"], answer.Headers.GetValues("X-Robots-Tag"));
        Assert.Contains("账单", await http.GetStringAsync($"{path}?lang=zh-CN"), StringComparison.Ordinal);
        await OpenAsync("MY-8X", "en");
        foreach (var wrong in new[] { $"{path}1", path.Replace(path.Split('/')[2], (await LinkAsync("MY-8X")).Split('/')[2], StringComparison.Ordinal) })
        {
            using var unknown = await http.GetAsync(wrong);
            Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
            Assert.Contains("There is no such bill here", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await using var context = await (await chromium.StartAsync()).NewContextAsync();
        var shown = await context.NewPageAsync();
        await shown.GotoAsync($"{Grid.Host.Url}{path}");
        Assert.Empty((await shown.RunAxe()).Violations);
    }

    [GeneratedRegex("href=\"(/my/[^\"]+/bills/[^\"]+)\"")]
    private static partial Regex BillLink();

    [Fact]
    public async Task A_page_that_is_asked_for_too_often_says_so_and_paths_without_a_link_are_pages()
    {
        await OpenAsync("MY-7", "en");
        var path = await LinkAsync("MY-7");
        using var http = Browser();
        var limits = Grid.Host.Services.GetRequiredService<Host.CustomerPages.CustomerPageLimits>();
        var token = Grid.Host.Services.GetRequiredService<PageLinks>().Read(path[4..])!.Value;
        while (limits.MayShow(token.Account, token.Generation))
        {
        }

        using var answer = await http.GetAsync(path);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Contains("This page was asked for too often", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        foreach (var wrong in new[] { "/my/x", $"{path}/bills", "/my", "/my/", $"{path}A", path[..^1] })
        {
            using var unknown = await http.GetAsync(wrong);
            Assert.Equal((wrong, HttpStatusCode.NotFound), (wrong, unknown.StatusCode));
            Assert.Contains("This link is not valid", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("en", ColorScheme.Light)]
    [InlineData("zh-CN", ColorScheme.Dark)]
    public async Task The_page_is_accessible_on_a_phone_and_its_form_is_sent(string language, ColorScheme scheme)
    {
        var id = $"MY-B{language[0]}";
        await OpenAsync(id, language);
        await Customers.PayAsync(id, "300");
        await Customers.LiveAsync(id, 2, 6_000);
        var path = await LinkAsync(id);
        var errors = new List<string>();
        var browser = await (await (await chromium.StartAsync()).NewContextAsync(
            new() { ColorScheme = scheme, ViewportSize = new() { Width = 390, Height = 800 } })).NewPageAsync();
        browser.SetDefaultTimeout(60_000);
        browser.Console += (_, message) => errors.AddRange(message.Type == "error" ? [message.Text] : []);
        await browser.GotoAsync(Grid.Host.Url + path);
        await AssertFineAsync("page");
        await browser.Locator("#topic").SelectOptionAsync("reading");
        await browser.Locator("#text").FillAsync($"错了 {Hostile}");
        await browser.Locator("form button").ClickAsync();
        await Assertions.Expect(browser.GetByRole(AriaRole.Status)).ToHaveTextAsync(
            language == "en" ? "Thank you. We have your complaint." : "谢谢，我们已收到您的投诉。");
        await AssertFineAsync("filed");
        Assert.Equal($"错了 {Hostile}", Assert.Single(await Grid.Admin.ListAsync<ComplaintAnswer>($"/v1/accounts/{id}/complaints")).Text);
        Assert.Empty(errors);
        await browser.GotoAsync($"{Grid.Host.Url}/my/nothing");
        await AssertFineAsync("unknown");

        async Task AssertFineAsync(string name)
        {
            var violations = (await browser.RunAxe()).Violations;
            Assert.True(violations.Length == 0,
                $"{name}: {string.Join("; ", violations.Select(v => $"{v.Id}: {v.Help} {string.Join(", ", v.Nodes.Select(n => n.Html))}"))}");
            Assert.True(await browser.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), $"{name} is wider than the window.");
            var folder = Path.Combine(AppContext.BaseDirectory, "artifacts");
            Directory.CreateDirectory(folder);
            await browser.ScreenshotAsync(new() { Path = Path.Combine(folder, $"my-{name}-{language}.png"), FullPage = true });
        }
    }

    [Theory]
    [InlineData("gateway", 403)]
    [InlineData("client", 403)]
    [InlineData("auditor", 403)]
    [InlineData("collector", 201)]
    public async Task Links_are_made_by_those_who_speak_with_customers(string role, int status)
    {
        await OpenAsync($"MY-R{role[0]}", "en");
        using var http = Grid.WithKey((await Grid.Admin.PostAsync<KeyAnswer>("/v1/keys",
            new CreateKeyRequest(role, role, role == "gateway" ? "G1" : null, Area: role == "collector" ? "my-area" : null))).Key);
        Assert.Equal(status, (await Grid.SendAsync(HttpMethod.Post, $"/v1/accounts/MY-R{role[0]}/page-links", http: http)).Status);
    }

    private string Name(string path)
    {
        var links = Grid.Host.Services.GetRequiredService<PageLinks>();
        return links.NameOf(links.Read(path[4..])!.Value);
    }

    private async Task<string?> SentLinkAsync(string id)
    {
        var file = Directory.EnumerateFiles(Grid.Host.Data.Root, "notices.ndjson", SearchOption.AllDirectories).FirstOrDefault();
        var line = file is null ? null : (await File.ReadAllLinesAsync(file)).LastOrDefault(l => l.Contains($"\"{id}\"", StringComparison.Ordinal));
        return line is null ? null : SentLink().Match(line) is { Success: true } m ? m.Value : null;
    }

    [GeneratedRegex("/my/[A-Za-z0-9_-]{44}")]
    private static partial Regex SentLink();
}
