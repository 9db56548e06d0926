using AccountGrid.Host.Accounts;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Security;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace AccountGrid.Host.Tests.OperatorConsole;

/// <summary>The console in a real browser: its script, its security policy, its accessibility, and what it looks like.</summary>
public sealed class BrowserTests(GridFixture grid, BrowserFixture chromium)
{
    /// <summary>A page in a loaded machine's browser.</summary>
    private const float Patience = 60_000;

    private readonly List<string> _errors = [];

    [Fact]
    public async Task An_operator_signs_in_finds_an_account_and_sees_its_balance_change()
    {
        await OpenAsync("BRO-LIVE");
        var page = await SignedInAsync("administrator", new() { TimezoneId = "America/Los_Angeles", Locale = "en-US" });
        await page.GetByRole(AriaRole.Searchbox).FillAsync("BRO-LIVE");
        await page.GetByRole(AriaRole.Searchbox).PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Account BRO-LIVE");

        // The account's own zone, wherever the browser is.
        await Assertions.Expect(page.Locator("[data-field=asOf]")).ToContainTextAsync("Asia/Shanghai");
        await page.EvaluateAsync("window.notLoadedAgain = true");
        await PayAsync("BRO-LIVE", "1234.567");
        await Assertions.Expect(page.Locator("[data-field=amount]")).ToHaveTextAsync("1,234.57 CNY", new() { Timeout = Patience });
        Assert.Equal("1234.567000000", await page.Locator("[data-field=amount]").GetAttributeAsync("title"));
        await PayAsync("BRO-LIVE", "0.004");
        await Assertions.Expect(page.Locator("[data-field=amount]")).ToHaveAttributeAsync("title", "1234.571000000", new() { Timeout = Patience });
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d Asia/Shanghai$", await page.Locator("[data-field=asOf]").InnerTextAsync());
        Assert.True(await page.EvaluateAsync<bool>("window.notLoadedAgain === true"));

        // An action from its button to its end and back.
        await page.GetByRole(AriaRole.Link, new() { Name = "Place a hold" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("A flood, says 市民 <b>");
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Assertions.Expect(page.GetByText("A flood, says 市民 <b>")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Confirm" }).ClickAsync();
        await Assertions.Expect(page.Locator("p.done")).ToHaveTextAsync("Done: Place a hold");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Account BRO-LIVE");
        Assert.Empty(_errors);
    }

    /// <summary>Cells change where they are; what is typed stays, new rows wait for a person, and nobody's session lives on it.</summary>
    [Fact]
    public async Task Cells_follow_while_a_page_is_open_and_new_rows_are_announced()
    {
        await OpenAsync("BRO-FOLLOW");
        var first = await CaseAsync("BRO-FOLLOW", "first");
        var page = await SignedInAsync("administrator", new() { Locale = "en-US" });
        await page.Clock.InstallAsync();
        await page.GotoAsync($"{grid.Host.Url}/console/cases?area=bro-area");
        var row = page.Locator("tr", new() { Has = page.Locator($"a[href='/console/cases/{Uri.EscapeDataString(first)}']") });
        await Assertions.Expect(row).ToBeVisibleAsync();
        var rows = await page.Locator("tbody tr").CountAsync();
        await page.Locator("#owner").FillAsync("what is typed");
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Post, $"/v1/cases/{Uri.EscapeDataString(first)}/take", new TakeCaseRequest("mine"))).Status);
        await CaseAsync("BRO-FOLLOW", "second");
        await ExecuteAsync("update operator_session set seen_at = seen_at - interval '30 minutes' where operator like 'bro-%'");
        var before = await SeenAsync();
        await page.Clock.RunForAsync(21_000);
        await Assertions.Expect(row).ToContainTextAsync("key ", new() { Timeout = Patience });
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("New rows: 1. Show them", new() { Timeout = Patience });
        Assert.Equal(rows, await page.Locator("tbody tr").CountAsync());
        Assert.Equal("what is typed", await page.Locator("#owner").InputValueAsync());
        Assert.Equal(before, await SeenAsync());
        await page.Locator("#live a").ClickAsync();
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(rows + 1);

        await ExecuteAsync("update operator_session set seen_at = seen_at - interval '2 hours' where operator like 'bro-%'");
        await page.Clock.RunForAsync(21_000);
        await Assertions.Expect(page.Locator("#live")).ToContainTextAsync("not kept up to date any more", new() { Timeout = Patience });
        Assert.DoesNotContain(_errors, e => !e.Contains("30", StringComparison.Ordinal));
    }

    private async Task<string> CaseAsync(string account, string key)
    {
        var made = await grid.SendAsync(HttpMethod.Post, "/v1/cases", new OpenCaseRequest("Call back", 8, account), $"{account}-{key}");
        Assert.Equal(201, made.Status);
        return made.Body.GetProperty("id").GetString()!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = grid.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private async Task<object?> SeenAsync()
    {
        await using var command = grid.Database.CreateCommand("select max(seen_at) from operator_session where operator like 'bro-%'");
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("en-US", ColorScheme.Light, 1280)]
    [InlineData("zh-CN", ColorScheme.Dark, 390)]
    public async Task Every_page_is_accessible_and_looks_as_it_should(string locale, ColorScheme scheme, int width)
    {
        var id = $"BRO-{width}";
        await OpenAsync(id);
        await PayAsync(id, "200");
        await grid.PushAsync((id, "2026-03-01T06:00:00+08:00", 600), (id, "2026-03-01T18:00:00+08:00", 9_000), (id, "2026-03-02T06:00:00+08:00", 9_900));
        await grid.BalanceAsync(id, "195");
        var created = await grid.SendAsync(HttpMethod.Post, "/v1/cases", new OpenCaseRequest("Call back", 8, id), $"bro-{width}");
        Assert.Equal(201, created.Status);
        var channel = await ChannelAsync(id);
        var page = await SignedInAsync("administrator", new()
        {
            Locale = locale,
            ColorScheme = scheme,
            ViewportSize = new() { Width = width, Height = 900 },
        });
        var folder = Path.Combine(AppContext.BaseDirectory, "artifacts");
        Directory.CreateDirectory(folder);
        foreach (var (name, path) in new[]
        {
            ("today", "/console"), ("cases", "/console/cases"), ("case", $"/console/cases/{Uri.EscapeDataString(created.Body.GetProperty("id").GetString()!)}"),
            ("account", $"/console/accounts/{id}"), ("ledger", $"/console/accounts/{id}/entries"), ("explain", $"/console/accounts/{id}/explain"),
            ("consumption", $"/console/accounts/{id}/consumption?from=2026-03-01&to=2026-03-10"), ("timeline", $"/console/accounts/{id}/timeline"),
            ("page-link", $"/console/accounts/{id}/page-link"), ("bulk", "/console/exceptions/decide?code=reading.spike"),
            ("meter", $"/console/meters/{id}"), ("exceptions", "/console/exceptions"), ("approvals", "/console/approvals"), ("operators", "/console/operators"),
            ("collections", "/console/collections"), ("payments", "/console/payments"), ("channel", $"/console/channels/{channel}"),
            ("channel-day", $"/console/channels/{channel}/days/{Yesterday():yyyy-MM-dd}?compare=true"), ("suspense", "/console/suspense"),
            ("agents", "/console/agents"), ("service", "/console/service"), ("tariffs", "/console/tariffs"), ("tariff", "/console/tariffs/flat/1"),
            ("policies", "/console/policies"), ("policy", "/console/policies/cn-residential/1"), ("draft", "/console/tariffs/flat/1/draft"),
            ("grid", "/console/grid"), ("gateways", "/console/gateways?minutes=0"),
            ("silent-meters", "/console/silent-meters?hours=1&days=3660"), ("plans", "/console/plans"),
            ("keys", "/console/keys"), ("webhooks", "/console/webhooks"), ("roles", "/console/roles"),
            ("audit", "/console/audit"), ("configuration", "/console/configuration?all=true"),
            ("me", "/console/me"), ("action", $"/console/do/adjustment?id={id}"), ("sign-in", "/console/sign-in"), ("not-found", "/console/nowhere"),
        })
        {
            var answer = await page.GotoAsync($"{grid.Host.Url}{path}", new() { WaitUntil = WaitUntilState.DOMContentLoaded, Timeout = Patience });
            Assert.Equal(name == "not-found" ? 404 : 200, answer!.Status);
            var violations = (await page.RunAxe()).Violations;
            Assert.True(violations.Length == 0,
                $"{name}: {string.Join("; ", violations.Select(v => $"{v.Id}: {v.Help} {string.Join(", ", v.Nodes.Select(n => n.Html))}"))}");
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), $"{name} is wider than the window.");
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{locale}.png"), FullPage = true, Timeout = Patience });
        }

        // What is not there is answered with 404, which a browser's console calls an error.
        Assert.DoesNotContain(_errors, e => !e.Contains("404", StringComparison.Ordinal));
    }

    private async Task<IPage> SignedInAsync(string role, BrowserNewContextOptions options)
    {
        var name = $"bro-{Guid.NewGuid():N}"[..20];
        Assert.Equal(201,
            (await grid.SendAsync(HttpMethod.Post, "/v1/operators", new CreateOperatorRequest(name, role, ConsoleBrowser.Password, "Lin Operator"))).Status);
        var page = await (await (await chromium.StartAsync()).NewContextAsync(options)).NewPageAsync();
        page.SetDefaultTimeout(Patience);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _errors.Add(message.Text);
            }
        };
        page.PageError += (_, error) => _errors.Add(error);
        await page.GotoAsync($"{grid.Host.Url}/console");
        await page.Locator("#name").FillAsync(name);
        await page.Locator("#password").FillAsync(ConsoleBrowser.Password);
        await page.Locator("form.entry button").ClickAsync();
        await Assertions.Expect(page.Locator("header nav")).ToBeVisibleAsync();
        return page;
    }

    private DateOnly Yesterday() => DateOnly.FromDateTime(grid.Time.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).DateTime).AddDays(-1);

    /// <summary>A channel with a payment that it cannot place, and a day with a difference.</summary>
    private async Task<string> ChannelAsync(string account)
    {
        var id = account.ToLowerInvariant();
        var day = Yesterday();
        var at = new DateTimeOffset(day.ToDateTime(new TimeOnly(9, 0)), TimeSpan.FromHours(8));
        var made = await grid.SendAsync(HttpMethod.Post, "/v1/channels", new Host.Payments.PaymentChannelDefinition
        {
            Id = id,
            Kind = "bank",
            EffectiveFrom = new(2026, 1, 1),
            Currency = "CNY",
            Zone = "Asia/Shanghai",
            Tenders = ["bank"],
            MaxAmount = "5000",
        });
        Assert.Equal(201, made.Status);
        using var bank = grid.WithKey((await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("channel", id, Channel: id))).Key);
        foreach (var (txn, owner) in new[] { ("B-1", account), ("B-2", "NOBODY") })
        {
            var payment = new Host.Payments.ChannelPaymentRequest(txn, owner, "7", "CNY", at, day, "bank");
            Assert.Equal(200, (await grid.SendAsync(HttpMethod.Post, "/v1/channel/payments", payment, http: bank)).Status);
        }

        return id;
    }

    private async Task PayAsync(string id, string amount) => Assert.Equal(201,
        (await grid.SendAsync(HttpMethod.Post, $"/v1/accounts/{id}/payments", new PaymentRequest(amount), $"bro-{Guid.NewGuid():N}")).Status);

    private async Task OpenAsync(string id)
    {
        await grid.OpenAsync(id);
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Put, $"/v1/accounts/{id}/customer", new CustomerRequest("cn-residential"))).Status);
        Assert.Equal(200,
            (await grid.SendAsync(HttpMethod.Put, $"/v1/accounts/{id}/contact",
                new ContactRequest("zh-CN", [new ContactChannel("webhook", "")], "bro-area", "mia"))).Status);
    }
}
