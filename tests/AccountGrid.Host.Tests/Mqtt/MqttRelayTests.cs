using AccountGrid.Host.Ingest;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Mqtt;
using AccountGrid.Host.Supply;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.Mqtt;

/// <summary>A relay command goes to its gateway's topic, and what the gateway says there confirms it.</summary>
public sealed class MqttRelayTests(MqttGrid mqtt) : IClassFixture<MqttGrid>
{
    [Fact]
    public async Task A_command_reaches_a_gateway_that_was_heard_and_its_report_confirms_it()
    {
        await InstallAsync("RL1", "RL1-A");
        await using var gateway = await TestGateway.ConnectAsync(mqtt.Broker.Port, topics: ["accountgrid/v1/RL1/command", "accountgrid/v1/RL1/ack"]);
        await AskAsync("RL1-A", "off");

        // Whoever was not heard gets nothing: it may not be there.
        await gateway.PublishAsync("accountgrid/v1/RL1/readings", """{"meter":"RL1-A","ts":1772424000000,"value":1}""", correlation: "here");
        await gateway.ReceiveAsync("accountgrid/v1/RL1/ack");
        var command = await gateway.ReceiveAsync("accountgrid/v1/RL1/command");
        Assert.Equal(("RL1-A", 0, "off"),
            (command.GetProperty("meter").GetString(), command.GetProperty("sequence").GetInt32(), command.GetProperty("action").GetString()));
        Assert.True(command.GetProperty("expires").GetDateTimeOffset() > mqtt.Grid.Time.GetUtcNow());

        foreach (var (report, code) in new[]
        {
            ("""{"meter":"RL1-A","sequence":0,"state":"open","at":"2026-03-02T12:00:00Z"}""", "relay.state_invalid"),
            ("""{"meter":"RL1-A","sequence":9,"state":"off","at":"2026-03-02T12:00:00Z"}""", "relay.superseded"),
            ("""{"meter":"RL9-A","sequence":0,"state":"off","at":"2026-03-02T12:00:00Z"}""", "meter.unknown"),
            ("""{"meter":"RL1-A","sequence":0,"state":"off","at":"noon"}""", "reading.time_invalid"),
            ("rubbish", "mqtt.payload_invalid"),
        })
        {
            var before = await mqtt.RefusedAsync("accountgrid", code);
            await gateway.PublishAsync("accountgrid/v1/RL1/relay", report);
            await Testing.Eventually.GetAsync(() => mqtt.RefusedAsync("accountgrid", code), n => n == before + 1, code);
            Assert.Null((await TestAsync("RL1-A")).ConfirmedAt);
        }

        await gateway.PublishAsync("accountgrid/v1/RL1/relay", """{"meter":"RL1-A","sequence":0,"state":"off","at":"2026-03-02T12:00:00Z"}""");
        await Testing.Eventually.GetAsync(() => TestAsync("RL1-A"), t => t.ConfirmedAt is not null, "The confirmation");
    }

    [Fact]
    public async Task Thingsboards_answer_confirms_what_was_commanded_and_a_failure_confirms_nothing()
    {
        await InstallAsync("RL2", "RL2-A");
        await using var gateway = await TestGateway.ConnectAsync(mqtt.Broker.Port, topics: "RL2/v1/gateway/rpc");
        await gateway.PublishAsync("RL2/v1/gateway/telemetry", """{"RL2-A":[{"ts":1772424000000,"values":{"voltage":230}}]}""");
        await AskAsync("RL2-A", "on");
        var command = await gateway.ReceiveAsync("RL2/v1/gateway/rpc");
        Assert.Equal("""{"device":"RL2-A","data":{"id":0,"method":"setRelay","params":true}}""", command.GetRawText());

        var skipped = await mqtt.CountAsync("thingsboard", "skipped");
        await gateway.PublishAsync("RL2/v1/gateway/rpc", """{"device":"RL2-A","id":0,"data":{"success":false}}""");
        await Testing.Eventually.GetAsync(() => mqtt.CountAsync("thingsboard", "skipped"), n => n == skipped + 1, "The failure");
        Assert.Null((await TestAsync("RL2-A")).ConfirmedAt);
        await gateway.PublishAsync("RL2/v1/gateway/rpc", """{"device":"RL2-A","id":0,"data":{"success":true}}""");
        var confirmed = await Testing.Eventually.GetAsync(() => TestAsync("RL2-A"), t => t.ConfirmedAt is not null, "The confirmation");

        // Once more: by the broker, or by a process that shares the messages.
        var services = mqtt.Grid.Host.Services;
        var confirmations = new RelayConfirmations(services.GetRequiredService<IReadOnlyList<MqttProfile>>().Single(p => p.Name == "thingsboard").Relay,
            services.GetRequiredService<MqttGateways>(), services.GetRequiredService<RelayReports>(), new ProfileStatus("t"), mqtt.Grid.Time);
        Task<IReadOnlyList<LineRefusal>> AgainAsync(int sequence) => confirmations.TakeAsync("RL2", new Arrival("RL2/v1/gateway/rpc",
            System.Text.Encoding.UTF8.GetBytes($$$"""{"device":"RL2-A","id":{{{sequence}}},"data":{"success":true}}"""), false, 1, true, null,
            _ => Task.CompletedTask));
        Assert.Empty(await AgainAsync(0));
        Assert.Equal("relay.superseded", Assert.Single(await AgainAsync(7)).Refusal.Code.Text);
        Assert.Equal(confirmed.ConfirmedAt, (await TestAsync("RL2-A")).ConfirmedAt);
    }

    private async Task InstallAsync(string gateway, string meter)
    {
        await mqtt.OpenAsync(gateway);
        await mqtt.Grid.Admin.PostAsync<MeterAnswer>("/v1/meters", new InstallMeterRequest(meter, gateway, InstalledAt: DateTimeOffset.UnixEpoch.AddYears(56)));
    }

    private async Task AskAsync(string meter, string action) =>
        Assert.Equal(200, (await mqtt.Grid.SendAsync(HttpMethod.Put, $"/v1/meters/{meter}/relay-test", new RelayTestRequest(action))).Status);

    private Task<RelayTestAnswer> TestAsync(string meter) => mqtt.Grid.Admin.GetAsync<RelayTestAnswer>($"/v1/meters/{meter}/relay-test");
}
