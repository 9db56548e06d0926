using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AccountGrid.Host.Database;
using AccountGrid.Host.Grpc;
using AccountGrid.Host.Http;
using AccountGrid.Host.Security;
using AccountGrid.Host.Tests.Grpc;
using AccountGrid.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Http;

namespace AccountGrid.Host.Tests;

/// <summary>A grid whose operators come from a provider, whose API speaks TLS, and whose callers have little patience due.</summary>
public sealed class OperatorTests(OperatorGrid town) : IClassFixture<OperatorGrid>
{
    [Fact]
    public async Task Operators_come_in_by_their_providers_token_with_the_role_that_it_says()
    {
        Assert.Equal(200, await StatusAsync(town.Provider.Token("ana", roles: ["unknown", "auditor"]), "/v1/audit"));
        Assert.Equal(403, await StatusAsync(town.Provider.Token("col", roles: ["collector"], area: "north"), "/v1/audit"));
        Assert.Equal(200, await StatusAsync(town.Provider.Token("col", roles: ["collector"], area: "north"), "/v1/cases"));
        Assert.Equal(200, await StatusAsync(town.Provider.Token("root", roles: ["administrator"]), "/v1/relays/held"));
        Assert.Equal(401, await StatusAsync(town.Provider.Token("ana", roles: ["someone"]), "/v1/audit"));
        Assert.Equal(401, await StatusAsync(town.Provider.Token("ana", roles: ["auditor"], audience: "another"), "/v1/audit"));
        Assert.Equal(401, await StatusAsync(town.Provider.Token("ana", roles: ["auditor"], minutes: -10), "/v1/audit"));
        Assert.Equal(401, await StatusAsync(town.Provider.Token("ana", roles: ["auditor"], issuer: "http://127.0.0.1:1"), "/v1/audit"));
        using var stranger = new FakeProvider();
        Assert.Equal(401, await StatusAsync(stranger.Token("ana", roles: ["auditor"], issuer: town.Provider.Issuer), "/v1/audit"));
    }

    /// <summary>Two operators of a provider are two persons, whoever may make keys.</summary>
    [Fact]
    public async Task What_an_operator_does_is_recorded_under_their_subject()
    {
        using var http = town.Client(town.Provider.Token("ana-7", roles: ["administrator"], name: "Ana"));
        using var response = await http.PostAsync("/v1/operations/cuts",
            new StringContent("{\"stopped\":false,\"reason\":\"a test\"}", System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var rows = JsonSerializer.Deserialize<Page<AuditedAnswer>>(await http.GetStringAsync("/v1/audit"), JsonSerializerOptions.Web)!.Data;
        Assert.Contains(rows, r => r is { Name: "Ana", Role: "Administrator", Path: "/v1/operations/cuts" } && r.Person == $"ana-7 at {town.Provider.Issuer}");
    }

    /// <summary>A webhook goes on for years; the grid does not hear when a person is no longer one of the company.</summary>
    [Fact]
    public async Task Somebody_who_is_signed_in_makes_no_webhook()
    {
        using var http = town.Client(town.Provider.Token("root-8", roles: ["administrator"]));
        using var response = await http.PostAsJsonAsync("/v1/webhooks", new { url = "https://hooks.example/grid" });
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("webhook.key_needed", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        Assert.Equal(200, await StatusAsync(town.Provider.Token("root-8", roles: ["administrator"]), "/v1/webhooks"));
    }

    /// <summary>A name is what its owner chose; the subject is the provider's.</summary>
    [Theory]
    [InlineData("Ben")]
    [InlineData("\u00c1na")]
    public async Task One_subject_is_one_person_under_any_name(string name)
    {
        using var first = town.Client(town.Provider.Token($"sub-{name}", roles: ["administrator"], name: name));
        using var renamed = town.Client(town.Provider.Token($"sub-{name}", roles: ["administrator"], name: new string('x', 600)));
        using var second = town.Client(town.Provider.Token($"sub-{name}-2", roles: ["administrator"], name: name));
        var account = $"SUB-{(name == "Ben" ? 1 : 2)}";
        await PostAsync(first, "/v1/tariffs", JsonContent.Create(GridFixture.Flat(), GridFixture.Flat().GetType()));
        using var opened = await PostAsync(first, "/v1/accounts", JsonContent.Create(new Accounts.OpenAccountRequest(account, "flat")));
        using var put = await first.PutAsJsonAsync($"/v1/accounts/{account}/customer", new Collections.CustomerRequest("cn-residential"));
        using var ask = new HttpRequestMessage(HttpMethod.Post,
            $"/v1/accounts/{account}/mode")
        {
            Content = JsonContent.Create(new Collections.ModeRequest("postpaid", null)),
            Headers = { { "Idempotency-Key", "mode" } }
        };
        using var asked = await first.SendAsync(ask);
        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        var approval = (await asked.Content.ReadFromJsonAsync<Accounts.ApprovalAnswer>())!;
        Assert.Equal(HttpStatusCode.Conflict, (await AgreeAsync(renamed, approval)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await AgreeAsync(second, approval)).StatusCode);
        var rows = JsonSerializer.Deserialize<Page<AuditedAnswer>>(await renamed.GetStringAsync("/v1/audit"), JsonSerializerOptions.Web)!.Data;
        Assert.Contains(rows,
            r => r.Path.StartsWith("/v1/approvals", StringComparison.Ordinal) && r.Person == $"sub-{name} at {town.Provider.Issuer}"
                && r.Name == new string('x', 128));
    }

    [Fact]
    public async Task A_token_whose_subject_is_too_long_or_that_asks_for_what_is_not_understood_is_refused()
    {
        Assert.Equal(401, await StatusAsync(town.Provider.Token(new string('s', 256), roles: ["auditor"]), "/v1/audit"));
        Assert.Equal(200, await StatusAsync(town.Provider.Token(new string('s', 255), roles: ["auditor"]), "/v1/audit"));
        Assert.Equal(401, await StatusAsync(town.Provider.Token("ana", roles: ["auditor"], header: new() { ["crit"] = new[] { "exp" } }), "/v1/audit"));
        Assert.Equal(401, await StatusAsync(town.Provider.Token("ana", roles: ["auditor"], beginsInMinutes: 5), "/v1/audit"));
    }

    [Theory]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("e30.e30.e30")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOjF9.AAAA")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJhZ2s6MDEiLCJleHAiOiJ4In0.AAAA")]
    public async Task What_only_looks_like_a_token_is_answered_401(string shown) => Assert.Equal(401, await StatusAsync(shown, "/v1/audit"));

    [Fact]
    public async Task The_API_speaks_TLS_with_the_configured_certificate_and_nothing_older()
    {
        Assert.StartsWith("https://", town.Host.Url, StringComparison.Ordinal);
        using var seen = town.Client(null);
        Assert.Equal(HttpStatusCode.OK, (await seen.GetAsync("/health/live")).StatusCode);
        using var trusting = new HttpClient { BaseAddress = new Uri(town.Host.Url) };
        await Assert.ThrowsAsync<HttpRequestException>(() => trusting.GetAsync("/health/live"));
    }

    [Fact]
    public async Task Over_TLS_the_APIs_own_address_takes_gRPC_beside_HTTP()
    {
        using var channel = GrpcChannel.ForAddress(town.Host.Url, new GrpcChannelOptions { HttpClient = town.Client(null), DisposeHttpClient = true });
        var client = new ReadingService.ReadingServiceClient(channel);
        var person = town.Provider.Token("root-4", roles: ["administrator"]);
        foreach (var (token, code) in new[] { ("none", "key.missing_or_unknown"), (person, "key.not_allowed") })
        {
            var refused = await Assert.ThrowsAsync<RpcException>(async () => await client.PushAsync(new ReadingBatch(), GrpcGrid.With(token)));
            Assert.Equal(code, refused.Trailers.GetValue("accountgrid-code"));
        }

        Assert.Equal(401, await StatusAsync("none", "/v1/audit"));
    }

    [Fact]
    public async Task A_key_that_asks_too_often_is_told_to_wait_and_others_are_not()
    {
        using var loud = town.Client(town.Host.AdministratorKey);
        using var other = town.Client(town.Provider.Token("quiet", roles: ["auditor"]));
        var statuses = await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
        {
            using var response = await loud.GetAsync("/v1/tariffs");
            return (response.StatusCode, response.Headers.RetryAfter?.Delta);
        }));
        Assert.Contains(statuses, s => s.StatusCode == HttpStatusCode.OK);
        Assert.Contains(statuses, s => s is { StatusCode: HttpStatusCode.TooManyRequests, Delta.TotalSeconds: >= 1 });
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/v1/tariffs")).StatusCode);
        await Eventually.GetAsync(async () => (await loud.GetAsync("/v1/tariffs")).StatusCode, s => s == HttpStatusCode.OK, "The key that waited is let in");
    }

    /// <summary>A gateway drops what is refused for good; and behind one address stand many who do not know each other.</summary>
    [Fact]
    public async Task A_valid_key_is_let_in_at_once_while_its_neighbour_guesses()
    {
        using var person = town.Client(town.Provider.Token("root-3", roles: ["administrator"]));
        var keys = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            using var made = await person.PostAsJsonAsync("/v1/keys", new CreateKeyRequest("auditor", "not asked with yet"));
            keys.Add((await made.Content.ReadFromJsonAsync<KeyAnswer>())!.Key);
        }

        // The list of ids may be a second old.
        await Task.Delay(TimeSpan.FromSeconds(1.1), TimeProvider.System);
        var all = new List<int>();
        var statuses = new List<int>();
        for (var round = 0; round < keys.Count; round++)
        {
            all.AddRange(await Task.WhenAll(Enumerable.Range(0, 400).Select(i => FromAsync("203.0.113.9", (1_000 * round) + i))));
            statuses.Add(await FromAsync("203.0.113.9", keys[round]));
        }

        Assert.Contains(401, all);
        Assert.Contains(429, all);
        Assert.Equal([200, 200, 200], statuses);
    }

    /// <summary>Behind a proxy each caller has the address that the proxy says, and none that the caller says.</summary>
    [Fact]
    public async Task Callers_behind_a_trusted_proxy_have_an_address_each()
    {
        var guesses = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => FromAsync("203.0.113.1", i)));
        Assert.Contains(429, guesses);
        Assert.Equal(401, await FromAsync("203.0.113.2", 1));
        Assert.Contains(429, await Task.WhenAll(Enumerable.Range(0, 400).Select(i => FromAsync($"198.51.100.{i % 200}, 203.0.113.3", i))));
    }

    [Fact]
    public void A_setting_of_proxies_names_addresses_and_networks_and_the_default_nobody()
    {
        Assert.Null(TrustedProxies.Read(new SecurityOptions().TrustedProxies));
        var read = TrustedProxies.Read("10.0.0.7, 192.168.0.0/16,fd00::/8")!;
        Assert.Equal((1, 2), (read.KnownProxies.Count, read.KnownIPNetworks.Count));
        Assert.Contains("'proxy.example'", Assert.Throws<StartException>(() => TrustedProxies.Read("10.0.0.7,proxy.example")).Message,
            StringComparison.Ordinal);
    }

    private Task<int> FromAsync(string forwarded, int guess) => FromAsync(forwarded, $"agk_{guess:x16}_{new string('0', 64)}");

    private async Task<int> FromAsync(string forwarded, string shown)
    {
        using var http = town.Client(shown);
        http.DefaultRequestHeaders.Add("X-Forwarded-For", forwarded);
        using var response = await http.GetAsync("/v1/tariffs");
        return (int)response.StatusCode;
    }

    [Fact]
    public async Task Bodies_that_are_too_deep_too_long_or_swell_are_refused()
    {
        using var http = town.Client(town.Provider.Token("root-2", roles: ["administrator"]));
        Assert.Equal(HttpStatusCode.BadRequest,
            (await PostAsync(http, "/v1/accounts", new StringContent(new string('[', 200) + new string(']', 200)))).StatusCode);
        var zeros = new MemoryStream();
        await using (var pack = new System.IO.Compression.GZipStream(zeros, System.IO.Compression.CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var block = new byte[1 << 20];
            for (var i = 0; i < 64; i++)
            {
                await pack.WriteAsync(block);
            }
        }

        var bomb = new ByteArrayContent(zeros.ToArray()) { Headers = { ContentEncoding = { "gzip" } } };
        using var refused = await PostAsync(http, "/v1/readings", bomb, "application/x-ndjson");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/tariffs");
        request.Headers.Add("X-Long", new string('x', 20_000));
        Assert.Equal(431, (int)(await http.SendAsync(request)).StatusCode);
    }

    private static Task<HttpResponseMessage> AgreeAsync(HttpClient http, Accounts.ApprovalAnswer approval) =>
        http.PostAsJsonAsync($"/v1/approvals/{approval.Approval}", new Collections.ApprovalDecision(true, approval.Hash));

    private static Task<HttpResponseMessage> PostAsync(HttpClient http, string path, HttpContent content, string type = "application/json")
    {
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return http.PostAsync(path, content);
    }

    private async Task<int> StatusAsync(string token, string path)
    {
        using var http = town.Client(token);
        using var response = await http.GetAsync(path);
        return (int)response.StatusCode;
    }
}
