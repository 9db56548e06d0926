using System.Text.Json;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Mqtt;
using AccountGrid.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.Mqtt;

/// <summary>A grid with the role mqtt and all shipped profiles, and a broker; it takes gRPC too.</summary>
public sealed class MqttGrid : IAsyncLifetime
{
    public Mosquitto Broker { get; private set; } = null!;

    public GridFixture Grid { get; private set; } = null!;

    public string GrpcUrl { get; } = $"http://127.0.0.1:{GridProcess.FreePort()}";

    public async ValueTask InitializeAsync()
    {
        Broker = await Mosquitto.StartAsync();
        Grid = new GridFixture
        {
            More =
            [
                "--Mqtt:Server=127.0.0.1", $"--Mqtt:Port={Broker.Port}", "--Mqtt:Profiles:0=accountgrid", "--Mqtt:Profiles:1=thingsboard",
                "--Mqtt:Profiles:2=acrel", "--Mqtt:Profiles:3=sparkplug-b", "--Mqtt:Zone=Asia/Shanghai", "--Mqtt:RetrySeconds=1",
                "--Mqtt:ReconnectMaxSeconds=1", $"--Grpc:Port={new Uri(GrpcUrl).Port}",
            ],
        };
        await Grid.InitializeAsync();
        await ConnectedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Grid.DisposeAsync();
        await Broker.DisposeAsync();
    }

    public Task<JsonElement> ConnectedAsync() => Eventually.GetAsync(async () => (await Grid.SendAsync(HttpMethod.Get, "/v1/mqtt")).Body,
        s => s.GetProperty("connections").EnumerateArray().All(c => c.GetProperty("state").GetString() == "connected"), "All profiles are connected");

    /// <summary>A count of a profile's connection.</summary>
    public async Task<long> CountAsync(string profile, string count) => (await Grid.SendAsync(HttpMethod.Get, "/v1/mqtt")).Body.GetProperty("connections")
        .EnumerateArray().Single(c => c.GetProperty("profile").GetString() == profile).GetProperty(count).GetInt64();

    public async Task<long> RefusedAsync(string profile, string code)
    {
        var (_, body) = await Grid.SendAsync(HttpMethod.Get, "/v1/mqtt");
        return body.GetProperty("refused").EnumerateArray()
            .Where(c => c.GetProperty("profile").GetString() == profile && c.GetProperty("code").GetString() == code)
            .Sum(c => c.GetProperty("count").GetInt64());
    }

    /// <summary>Registers a gateway, and opens accounts with a meter of the same id.</summary>
    public async Task OpenAsync(string gateway, params string[] ids)
    {
        await Grid.Admin.RegisterAsync("/v1/gateways", new Security.GatewayRequest(gateway));
        foreach (var id in ids)
        {
            await Grid.Admin.PostAsync<object>("/v1/accounts", new Accounts.OpenAccountRequest(id, "flat", OpenedOn: new DateOnly(2026, 3, 1)));
            await Grid.Admin.PostAsync<object>("/v1/meters",
                new InstallMeterRequest(id, gateway, id, DateTimeOffset.Parse("2026-03-01T00:00:00+08:00", System.Globalization.CultureInfo.InvariantCulture)));
        }
    }

    internal IReadOnlyList<ProfileStatus> Status => Grid.Host.Services.GetRequiredService<MqttService>().Status;
}
