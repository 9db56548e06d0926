using System.Net.Http.Json;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Security;
using AccountGrid.Host.Supply;

namespace AccountGrid.Host.Tests;

/// <summary>A gateway's relay commands can be tried at a meter that is on no account, and nowhere else.</summary>
public sealed class RelayTestTests(GridFixture grid)
{
    [Fact]
    public async Task A_relay_is_tried_at_a_meter_without_a_customer_and_no_customers_supply_is_ever_touched()
    {
        await grid.Admin.RegisterAsync("/v1/gateways", new GatewayRequest("GLAB"));
        await grid.Admin.PostAsync<MeterAnswer>("/v1/meters", new InstallMeterRequest("LAB-1", "GLAB", InstalledAt: DateTimeOffset.UnixEpoch.AddYears(56)));
        using var gateway = grid.WithKey((await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("gateway", "lab", "GLAB"))).Key);
        Assert.Equal((404, "relay.no_test"), await CodeAsync(HttpMethod.Get, "LAB-1", null));
        Assert.Equal((404, "meter.unknown"), await CodeAsync(HttpMethod.Put, "LAB-9", new RelayTestRequest("off")));
        Assert.Equal((422, "relay.action_invalid"), await CodeAsync(HttpMethod.Put, "LAB-1", new RelayTestRequest("test")));

        Assert.Equal((200, null), await CodeAsync(HttpMethod.Put, "LAB-1", new RelayTestRequest("off")));
        var off = Assert.Single(await CommandsAsync(gateway));
        Assert.Equal(("LAB-1", 0, "off"), (off.Meter, off.Sequence, off.Action));
        Assert.NotNull(off.Expires);
        Assert.Equal("relay.superseded", await ReportAsync(gateway, "on"));
        Assert.Null(await ReportAsync(gateway, "off"));
        Assert.Null(await ReportAsync(gateway, "off"));
        Assert.NotNull((await grid.Admin.GetAsync<RelayTestAnswer>("/v1/meters/LAB-1/relay-test")).ConfirmedAt);
        Assert.Empty(await CommandsAsync(gateway));

        // A meter that was left off comes to nobody.
        await grid.OpenAsync("LAB-A");
        Assert.Equal((409, "meter.relay_off"), await AssignAsync());
        Assert.Equal((200, null), await CodeAsync(HttpMethod.Put, "LAB-1", new RelayTestRequest("on")));
        Assert.Equal((409, "meter.relay_off"), await AssignAsync());
        Assert.Equal("on", Assert.Single(await CommandsAsync(gateway)).Action);
        Assert.Null(await ReportAsync(gateway, "on"));
        Assert.Equal((200, null), await AssignAsync());
        foreach (var meter in new[] { "LAB-1", "LAB-A" })
        {
            Assert.Equal((409, "relay.test_on_account"), await CodeAsync(HttpMethod.Put, meter, new RelayTestRequest("off")));
        }

        Assert.Empty(await CommandsAsync(gateway));
        Assert.Contains(await grid.Admin.ListAsync<AuditedAnswer>("/v1/audit?limit=500"),
            r => r is { Method: "PUT", Path: "/v1/meters/LAB-1/relay-test", Role: "Administrator" });
    }

    /// <summary>Of two gateways that wait, the one with the longer patience and a command is answered first.</summary>
    [Fact]
    public async Task A_gateway_that_waits_gets_a_test_at_once()
    {
        foreach (var id in new[] { "GLAB-W", "GLAB-N" })
        {
            await grid.Admin.RegisterAsync("/v1/gateways", new GatewayRequest(id));
        }

        await grid.Admin.PostAsync<MeterAnswer>("/v1/meters", new InstallMeterRequest("LAB-W", "GLAB-W", InstalledAt: DateTimeOffset.UnixEpoch.AddYears(56)));
        using var waits = grid.WithKey((await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("gateway", "lab", "GLAB-W"))).Key);
        using var other = grid.WithKey((await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("gateway", "lab", "GLAB-N"))).Key);
        var commands = CommandsAsync(waits, "GLAB-W/commands?wait=60");
        var none = CommandsAsync(other, "GLAB-N/commands?wait=30");
        Assert.Equal((200, null), await CodeAsync(HttpMethod.Put, "LAB-W", new RelayTestRequest("off")));
        Assert.Same(commands, await Task.WhenAny(commands, none));
        var command = Assert.Single(await commands);
        Assert.Equal(("LAB-W", "off"), (command.Meter, command.Action));
    }

    private static async Task<IReadOnlyList<RelayCommand>> CommandsAsync(HttpClient gateway, string path = "GLAB/commands") =>
        (await gateway.GetFromJsonAsync<RelayCommandsAnswer>($"/v1/gateways/{path}"))!.Commands;

    private async Task<string?> ReportAsync(HttpClient gateway, string state)
    {
        using var response =
            await gateway.PostAsJsonAsync("/v1/gateways/GLAB/relays", new RelayReportsRequest([new RelayReport("LAB-1", 0, state, grid.Time.GetUtcNow())]));
        return Assert.Single((await response.Content.ReadFromJsonAsync<RelayReportsAnswer>())!.Results).Code;
    }

    private async Task<(int,
        string?)> AssignAsync() => await CodeOfAsync(HttpMethod.Post, "/v1/meters/LAB-1/assignments",
            new AssignMeterRequest("LAB-A", DateTimeOffset.Parse("2026-03-02T00:00:00+08:00", System.Globalization.CultureInfo.InvariantCulture)));

    private Task<(int, string?)> CodeAsync(HttpMethod method, string meter, object? body) => CodeOfAsync(method, $"/v1/meters/{meter}/relay-test", body);

    private async Task<(int, string?)> CodeOfAsync(HttpMethod method, string path, object? body)
    {
        var (status, answer) = await grid.SendAsync(method, path, body);
        return (status, answer.TryGetProperty("code", out var code) ? code.GetString() : null);
    }
}
