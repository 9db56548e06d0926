using AccountGrid.Host.Grpc;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Security;
using AccountGrid.Testing;
using Grpc.Core;
using Grpc.Net.Client;

namespace AccountGrid.Host.Tests.Grpc;

/// <summary>A grid that takes readings over gRPC, and a gateway with a key.</summary>
public sealed class GrpcGrid : IAsyncLifetime
{
    private const string Gateway = "GR1";

    private GrpcChannel _channel = null!;

    public GridFixture Grid { get; private set; } = null!;

    public string Url { get; } = $"http://127.0.0.1:{GridProcess.FreePort()}";

    /// <summary>The gateway's.</summary>
    public string Key { get; private set; } = "";

    internal ReadingService.ReadingServiceClient Client => new(_channel);

    internal CallInvoker Calls => _channel.CreateCallInvoker();

    public async ValueTask InitializeAsync()
    {
        Grid = new GridFixture { More = [$"--Grpc:Port={new Uri(Url).Port}", "--Grpc:StreamsPerKey=4"] };
        await Grid.InitializeAsync();
        await Grid.Admin.RegisterAsync("/v1/gateways", new GatewayRequest(Gateway));
        Key = await KeyAsync("gateway", Gateway);
        _channel = GrpcChannel.ForAddress(Url);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await Grid.DisposeAsync();
    }

    public async Task<string> KeyAsync(string role, string? gateway = null) =>
        (await Grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest(role, "of a test", gateway))).Key;

    /// <summary>Opens an account with a meter of the gateway, both of this id.</summary>
    public async Task OpenAsync(string id)
    {
        await Grid.Admin.PostAsync<object>("/v1/accounts", new Accounts.OpenAccountRequest(id, "flat", OpenedOn: new DateOnly(2026, 3, 1)));
        await Grid.Admin.PostAsync<object>("/v1/meters", new InstallMeterRequest(id, Gateway, id, Batches.Start));
    }

    public static Metadata With(string key) => new() { { "authorization", $"Bearer {key}" } };

    /// <summary>Commits of readings wait until it is disposed of.</summary>
    internal Task<HeldCommits> HoldCommitsAsync() => HeldCommits.TakeAsync(Grid.Database);
}
