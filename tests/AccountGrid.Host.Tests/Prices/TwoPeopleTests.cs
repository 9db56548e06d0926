using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Http;
using AccountGrid.Host.Prices;
using AccountGrid.Host.Rating;
using AccountGrid.Host.Tests.OperatorConsole;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.Prices;

/// <summary>Where the settings ask for two people, one alone publishes and withdraws nothing, whichever way they come.</summary>
public sealed class TwoPeopleTests : IAsyncLifetime
{
    private readonly OperatorGrid _town = new() { More = ["--Security:TwoPeople=true"] };

    public ValueTask InitializeAsync() => _town.InitializeAsync();

    public ValueTask DisposeAsync() => _town.DisposeAsync();

    [Fact]
    public async Task A_version_is_published_and_withdrawn_by_two_people_alone()
    {
        using var key = _town.Client(_town.Host.AdministratorKey);
        var flat = GridFixture.Flat();
        await RefusedAsync(key, "/v1/tariffs", flat, "kind 'tariff'");
        var pack = JsonDocument.Parse(await File.ReadAllTextAsync(
            Path.Combine(DocumentTests.Root(), "src", "AccountGrid.Host", "Policies", "cn-residential.json"), Cancel)).RootElement;
        await RefusedAsync(key, "/v1/policies", pack, "kind 'policy'");

        // The same person by a program's token and by a browser's session is one.
        using var program = _town.Client(_town.Provider.Token("one", ["administrator"]));
        var first = await AskAsync(program, new("tariff", JsonSerializer.SerializeToElement(flat, ApiJson.Options), "the first"));
        Assert.Equal(HttpStatusCode.Conflict, await AgreeAsync(program, first));
        using var browser = new ConsoleBrowser(_town.Host.Url, trust: _town.Trust);
        await SignInAsync(browser, "one");
        await browser.DoAsync("approval-agree", $"{first.Approval}", ("agree", "true"), ("hash", first.Hash));
        Assert.Equal(409, browser.Status);
        using var other = new ConsoleBrowser(_town.Host.Url, trust: _town.Trust);
        await SignInAsync(other, "two");
        await other.DoAsync("approval-agree", $"{first.Approval}", ("agree", "true"), ("hash", first.Hash));
        Assert.Equal("/console?done=approval-agree", other.Went);

        var day = DateOnly.FromDateTime(_town.Host.Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime).AddDays(60);
        var second = flat with { Version = 2, EffectiveFrom = day, Rates = [new("flat", "0.55")] };
        Assert.Equal(HttpStatusCode.OK, await AgreeAsync(
            key, await AskAsync(program, new("tariff", JsonSerializer.SerializeToElement(second, ApiJson.Options), "dearer"))));
        await RefusedAsync(key, "/v1/tariffs/flat/versions/2/withdrawal", new { }, "kind 'tariff-withdrawal'");
        await WithdrawAsync(browser, key);
    }

    /// <summary>From the version's page, by the same form as a publication.</summary>
    private async Task WithdrawAsync(ConsoleBrowser browser, HttpClient key)
    {
        await browser.GetAsync("/console/tariffs/flat/2");
        Assert.Contains("/console/do/publish?", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/console/do/tariff-withdraw", browser.Text, StringComparison.Ordinal);
        foreach (var wrong in new[] { "{\"id\":\"flat\",\"version\":3}", "{\"id\":\"flat\"}", "{\"id\":\"flat\",\"version\":1}" })
        {
            using var refused = await SendAsync(key, new("tariff-withdrawal", JsonDocument.Parse(wrong).RootElement, "wrong", DryRun: true));
            Assert.False(refused.IsSuccessStatusCode, wrong);
        }

        await browser.DoAsync("publish", null, ("kind", "tariff-withdrawal"), ("definition", "{\"id\":\"flat\",\"version\":2}"), ("reason", "too dear"));
        Assert.Equal("/console?asked=publish", browser.Went);
        Assert.Equal(["in-force", "announced"], await StatesAsync(key));
        var asked = (await key.GetFromJsonAsync<Page<ApprovalAnswer>>("/v1/approvals", ApiJson.Options, Cancel))!.Data
            .Single(a => a.AnsweredBy is null && a.Kind == "publication");
        await browser.GetAsync($"/console/approvals/{asked.Approval}");
        Assert.Contains("The version never holds.", browser.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await AgreeAsync(key, asked));
        Assert.Equal(["in-force", "withdrawn"], await StatesAsync(key));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<List<string>> StatesAsync(HttpClient key) =>
        [.. (await key.GetFromJsonAsync<ProductAnswer>("/v1/tariffs/flat", ApiJson.Options, Cancel))!.Versions.OrderBy(v => v.Version).Select(v => v.State)];

    private static async Task RefusedAsync(HttpClient http, string path, object body, string says)
    {
        using var content = JsonContent.Create(body, body.GetType(), options: ApiJson.Options);
        using var answer = await http.PostAsync(path, content, Cancel);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "approval.needed"), (answer.StatusCode, problem.GetProperty("code").GetString()));
        Assert.Contains(says, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, PublicationRequest body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/publications") { Content = JsonContent.Create(body, options: ApiJson.Options) };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("N"));
        return await http.SendAsync(request, Cancel);
    }

    private static async Task<ApprovalAnswer> AskAsync(HttpClient http, PublicationRequest body)
    {
        using var answer = await SendAsync(http, body);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<ApprovalAnswer>(ApiJson.Options, Cancel))!;
    }

    private static async Task<HttpStatusCode> AgreeAsync(HttpClient http, ApprovalAnswer approval)
    {
        using var answer = await http.PostAsJsonAsync($"/v1/approvals/{approval.Approval}", new { agree = true, hash = approval.Hash }, Cancel);
        return answer.StatusCode;
    }

    private async Task SignInAsync(ConsoleBrowser browser, string subject)
    {
        _town.Provider.Next = new() { ["sub"] = subject, ["roles"] = new[] { "administrator" } };
        await browser.GetAsync("/console/sign-in/provider");
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var answer = await http.GetAsync(browser.Last.Headers.Location!, Cancel);
        await browser.GetAsync(answer.Headers.Location!.PathAndQuery);
        Assert.Equal(200, browser.Status);
    }
}
