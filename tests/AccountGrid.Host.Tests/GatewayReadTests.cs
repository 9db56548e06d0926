using System.Text.Json;
using AccountGrid.Host.Security;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests;

/// <summary>A gateway's key reads what is behind its gateway, and nothing else.</summary>
public sealed class GatewayReadTests(GridFixture grid)
{
    [Fact]
    public async Task A_gateway_sees_its_own_meters_last_registers_and_exceptions_only()
    {
        await grid.Admin.RegisterAsync("/v1/gateways", new GatewayRequest("GR1"));
        var key = (await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("gateway", "reader", "GR1"))).Key;
        using var own = grid.WithKey(key);
        foreach (var id in new[] { "GRM1", "GRM2", "GRM3" })
        {
            await grid.Admin.PostAsync<object>("/v1/meters",
                new Metering.InstallMeterRequest(id, "GR1", null, new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), CapacityW: 1_000));
        }

        await grid.OpenAsync("GRX");
        await grid.PushAsync(("GRM1", "2026-03-01T01:00:00Z", 500), ("GRM2", "2026-03-01T01:00:00Z", 50_000_000), ("GRX", "2026-03-01T01:00:00Z", 1));
        var first =
            await Eventually.GetAsync(() => ReadAsync(own, "/v1/gateways/GR1/meters?limit=2"), p => Registers(p) is [500, 50_000_000], "both registers");
        Assert.True(first.GetProperty("hasMore").GetBoolean());
        var second = await ReadAsync(own, $"/v1/gateways/GR1/meters?limit=2&cursor={first.GetProperty("nextCursor").GetString()}");
        Assert.Equal("GRM3", Assert.Single(second.GetProperty("data").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal([500], Registers(await ReadAsync(own, "/v1/gateways/GR1/meters?meter=GRM1")));
        Assert.Empty(Registers(await ReadAsync(own, "/v1/gateways/GR1/meters?meter=GRX")));

        var meters = await Eventually.GetAsync(
            async () => (await ReadAsync(own, "/v1/gateways/GR1/exceptions")).GetProperty("data").EnumerateArray()
                .Select(e => e.GetProperty("meter").GetString()!).ToList(), m => m.Contains("GRM2"), "the spike");
        Assert.All(meters, m => Assert.Contains(m, new[] { "GRM1", "GRM2" }));

        foreach (var path in new[] { "/v1/gateways/G1/meters", "/v1/gateways/G1/exceptions", "/v1/meters/GRX", "/v1/accounts/GRX" })
        {
            Assert.Equal(403, (await grid.SendAsync(HttpMethod.Get, path, http: own)).Status);
        }
    }

    private async Task<JsonElement> ReadAsync(HttpClient http, string path)
    {
        var (status, body) = await grid.SendAsync(HttpMethod.Get, path, http: http);
        Assert.Equal(200, status);
        return body;
    }

    private static List<long> Registers(JsonElement page) => [.. page.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("registerWh").GetInt64())];
}
