using System.Text.Json;
using System.Text.RegularExpressions;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Http;
using AccountGrid.Host.Security;
using AccountGrid.Host.Telemetry;
using AccountGrid.Host.Tests.Webhooks;
using AccountGrid.Host.Webhooks;
using AccountGrid.Testing;
using Deque.AxeCore.Playwright;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.OperatorConsole;

/// <summary>Webhooks in the console: who sees them, what was delivered, and what brings one back.</summary>
public sealed partial class WebhookPageTests(WebhookGrid webhooks, BrowserFixture chromium) : IClassFixture<WebhookGrid>
{
    private GridFixture Grid => webhooks.Grid;

    [Fact]
    public async Task A_webhook_is_paused_resumed_sent_to_again_given_another_secret_and_deleted()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await Grid.OpenAsync("WHP-1");
        var made = await AddAsync(receiver.Url, "WHP-1", "<b>the shop</b>");
        await PayAsync("WHP-1");
        await Eventually.GetAsync(() => Task.FromResult(receiver.Taken()), t => t.Count == 1, "The payment is taken");
        var path = $"/console/webhooks/{made.Webhook.Id}";
        using var browser = await ConsoleBrowser.AsAsync(Grid, "administrator");
        await browser.GetAsync("/console/webhooks");
        Assert.Contains($"href=\"{path}\"", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>the shop", browser.Text, StringComparison.Ordinal);
        await Eventually.GetAsync(
            async () =>
            {
                await browser.GetAsync($"{path}?state=delivered");
                return browser.Text;
            },
            t => NumberCell().IsMatch(t), "The delivery is in the log");
        Assert.Contains("payment.taken", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync($"{path}?state=given-up");
        Assert.Contains("There are none.", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync($"{path}?state=lost");
        Assert.Contains("role=\"alert\"", browser.Text, StringComparison.Ordinal);

        (string, string)[] of = [("webhook", $"{made.Webhook.Id}")];
        await browser.DoAsync("webhook-pause", null, of);
        Assert.Equal("paused", (await FindAsync(made)).State);
        await browser.GetAsync(path);
        Assert.Contains("paused: somebody paused it", browser.Text, StringComparison.Ordinal);
        await browser.DoAsync("webhook-resume", null, of);
        Assert.Equal("active", (await FindAsync(made)).State);
        var log = (await Grid.Admin.GetAsync<Page<DeliveryLogAnswer>>($"/v1/webhooks/{made.Webhook.Id}/deliveries")).Data[0];
        await browser.DoAsync("webhook-send-again", null, [.. of, ("event", log.Event)]);
        await Eventually.GetAsync(() => Task.FromResult(receiver.Taken()), t => t.Count == 2 && t[0].Id == t[1].Id, "The payment is taken again");
        await browser.DoAsync("webhook-replay", null, [.. of, ("from", $"{Grid.Time.GetUtcNow().AddHours(-1):yyyy-MM-ddTHH:mm}")]);
        await Eventually.GetAsync(() => Task.FromResult(receiver.Taken()), t => t.Count >= 3 && t.TrueForAll(r => r.Id == t[0].Id), "All is taken again");

        await browser.DoAsync("webhook-secret", null, [.. of, ("overlapMinutes", "0")]);
        Assert.Matches("whsec_[A-Za-z0-9+/=&#;]{44,}", browser.Text);
        Assert.DoesNotContain(made.Secret, System.Net.WebUtility.HtmlDecode(browser.Text), StringComparison.Ordinal);
        await browser.GetAsync($"{path}/deliveries.csv?state=delivered");
        Assert.Contains("state=delivered; UTC; 1 ", browser.Text, StringComparison.Ordinal);
        Assert.Contains("payment.taken", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync("/console/webhooks.csv");
        Assert.Contains("<b>the shop</b>", browser.Text, StringComparison.Ordinal);
        await browser.DoAsync("webhook-end", null, of);
        await browser.GetAsync(path);
        Assert.Equal(404, browser.Status);
    }

    /// <summary>Rights are those of the API: to others of the staff the page is not there, and what it does neither.</summary>
    [Theory]
    [InlineData("auditor")]
    [InlineData("collector")]
    [InlineData("account-manager")]
    public async Task Only_administrators_have_the_page(string role)
    {
        using var browser = await ConsoleBrowser.AsAsync(Grid, role, area: "whp", manager: "whp");
        Assert.DoesNotContain("/console/webhooks", browser.Text, StringComparison.Ordinal);
        foreach (var path in new[] { "/console/webhooks", "/console/webhooks.csv", $"/console/webhooks/{Guid.NewGuid()}", "/console/do/webhook-resume" })
        {
            await browser.GetAsync(path);
            Assert.Equal((path, 403), (path, browser.Status));
        }
    }

    /// <summary>One that somebody paused is no fault; one that the grid paused is counted until it is resumed.</summary>
    [Fact]
    public async Task A_webhook_that_the_grid_paused_is_counted_until_it_is_resumed()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = (_, http) =>
        {
            http.Response.StatusCode = 410;
            return Task.CompletedTask;
        };
        await Grid.OpenAsync("WHP-2");
        var sampler = Grid.Host.Services.GetRequiredService<GridSampler>();
        async Task<long> PausedAsync() => (await sampler.LookAsync(TestContext.Current.CancellationToken)).WebhooksPaused;
        Assert.Equal(0, await PausedAsync());
        var made = await AddAsync(receiver.Url, "WHP-2", null);
        Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Post, $"/v1/webhooks/{made.Webhook.Id}/pause")).Status);
        Assert.Equal(0, await PausedAsync());
        Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Post, $"/v1/webhooks/{made.Webhook.Id}/resume")).Status);
        await PayAsync("WHP-2");
        await Eventually.GetAsync(() => FindAsync(made), w => w.PausedWhy == "gone", "The webhook is paused");
        Assert.Equal(1, await PausedAsync());

        await using var context = await (await chromium.StartAsync()).NewContextAsync(new() { Locale = "zh-CN" });
        using var browser = await ConsoleBrowser.AsAsync(Grid, "administrator", language: "zh-CN");
        await context.AddCookiesAsync([new() { Name = "accountgrid", Value = browser.Cookies.GetAllCookies()["accountgrid"]!.Value, Url = Grid.Host.Url }]);
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{Grid.Host.Url}/console/webhooks/{made.Webhook.Id}");
        Assert.Contains("接收方不再接收", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        Assert.Empty((await page.RunAxe()).Violations);
        receiver.Answer = (_, _) => Task.CompletedTask;
        await browser.DoAsync("webhook-resume", null, ("webhook", $"{made.Webhook.Id}"));
        Assert.Equal(0, await PausedAsync());
        Assert.Equal(204, (await Grid.SendAsync(HttpMethod.Delete, $"/v1/webhooks/{made.Webhook.Id}")).Status);
    }

    private Task<WebhookAnswer> FindAsync(WebhookSecretAnswer made) => Grid.Admin.GetAsync<WebhookAnswer>($"/v1/webhooks/{made.Webhook.Id}");

    private async Task<WebhookSecretAnswer> AddAsync(string url, string account, string? description)
    {
        using var client = Grid.WithKey((await Grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("client", "pages"))).Key);
        var request = new WebhookRequest(url, ["payment.taken"], account, Description: description);
        var (status, body) = await Grid.SendAsync(HttpMethod.Post, "/v1/webhooks", request, http: client);
        Assert.True(status == 201, body.ToString());
        return body.Deserialize<WebhookSecretAnswer>(ApiJson.Options)!;
    }

    private async Task PayAsync(string account) => Assert.Equal(201,
        (await Grid.SendAsync(HttpMethod.Post, $"/v1/accounts/{account}/payments", new PaymentRequest("5"), Guid.NewGuid().ToString("N"))).Status);

    [GeneratedRegex(@">\s*204\s*</td>")]
    private static partial Regex NumberCell();
}
