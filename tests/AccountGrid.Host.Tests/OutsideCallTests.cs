using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AccountGrid.Contracts;
using AccountGrid.Domain.Commands;
using AccountGrid.Host.Hosting;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Security;
using AccountGrid.Testing;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace AccountGrid.Host.Tests;

/// <summary>What a program gets that comes by Orleans' ports instead of by the API.</summary>
public sealed class OutsideCallTests(ClientGrid town, GridFixture grid) : IClassFixture<ClientGrid>
{
    [Fact]
    public void A_grid_opens_no_port_for_Orleans_clients_unless_it_is_asked_to()
    {
        Assert.Equal(0, grid.Host.Services.GetRequiredService<IOptions<EndpointOptions>>().Value.GatewayPort);
        Assert.Null(grid.Host.Services.GetRequiredService<ILocalSiloDetails>().GatewayAddress);
    }

    [Fact]
    public async Task A_grid_without_certificates_of_its_own_speaks_TLS_between_silos_and_hangs_up_on_others()
    {
        var port = grid.Host.Services.GetRequiredService<IOptions<EndpointOptions>>().Value.SiloPort;
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await client.GetStream().WriteAsync(new byte[64]);
        var answer = new byte[64];
        var read = await client.GetStream().ReadAsync(answer);

        // An alert of TLS is record type 21.
        Assert.True(read == 0 || answer[0] == 21);

        using var own = ClientGrid.SelfSigned("silo");
        Assert.False(await ClientGrid.IsLetInAsync(port, own));
        Assert.True(await ClientGrid.IsLetInAsync(port, SiloCertificates.Issue(grid.Host.Services.GetRequiredService<GridSecret>(), TimeProvider.System).Own));
        Assert.False(await ClientGrid.IsLetInAsync(port, SiloCertificates.Issue(new GridSecret(new byte[32]), TimeProvider.System).Own));
    }

    [Fact]
    public async Task A_client_with_a_certificate_and_no_key_can_call_nothing()
    {
        var thief = new ApiKeyRecord(KeyRole.Administrator, "thief", SHA256.HashData(new byte[32]), 0, 0, Revoked: false);
        await RefusedAsync(() => town.Grains.GetGrain<IApiKeyGrain>("0000000000000001").Create(thief));
        await RefusedAsync(() => town.Grains.GetGrain<IApiKeyGrain>("0000000000000001").Find());
        await RefusedAsync(() => town.Grains.GetGrain<IAccountGrain>("OUT-1").Get());
        await RefusedAsync(() => town.Grains.GetGrain<IPartitionGrain>(0).Balances([1]));
        await RefusedAsync(() => town.Grains.GetGrain<IManagementGrain>(0).GetHosts());
        await using var database = town.Database.CreateCommand("select count(*)::int from orleansstorage where graintypestring = 'key' and grainidn1 = 1");
        Assert.Equal(0, (int)(await database.ExecuteScalarAsync())!);
    }

    [Fact]
    public async Task A_silos_port_takes_no_clients_certificate()
    {
        var options = town.Host.Services.GetRequiredService<IOptions<EndpointOptions>>().Value;
        Assert.True(await ClientGrid.IsLetInAsync(options.GatewayPort, town.Certificate));
        Assert.False(await ClientGrid.IsLetInAsync(options.SiloPort, town.Certificate));
    }

    [Fact]
    public async Task A_key_may_do_by_a_call_what_it_may_do_at_the_API_and_payments_are_recorded()
    {
        var client = await town.KeyAsync("client");
        Show(client);
        var account = town.Grains.GetGrain<IAccountGrain>("OUT-1");
        Assert.NotNull(await account.Get());
        var number = (int)(await ScalarAsync("select number from account where id = 'OUT-1'"))!;
        var outcome = await account.Execute(new TakePayment(number, 5_000_000_000, "bank", null).ToBytes(), $"payment:{number}:out", new byte[32]);
        Assert.True(outcome.Accepted);
        Assert.Equal($"key {client.Split('_')[1]}", (string)(await ScalarAsync("select person from audit_trail where account = 'OUT-1' and method = 'CALL' order by sequence desc limit 1"))!);
        await RefusedAsync(() => account.Execute(new AdjustBalance(number, 900_000_000_000, "mine").ToBytes(), "a", new byte[32]));
        await RefusedAsync(() => town.Grains.GetGrain<IApiKeyGrain>("0000000000000001").Find());
        await RefusedAsync(() => town.Grains.GetGrain<IPartitionGrain>(0).Balances([1]));
        Show(await town.KeyAsync("gateway"));
        await RefusedAsync(() => account.Get());
        Show("agk_0000000000000000_" + new string('0', 64));
        await RefusedAsync(() => account.Get());
    }

    /// <summary>A stream of changes is asked for its key at each step, also while nothing changes.</summary>
    [Fact]
    public async Task A_stream_of_an_Orleans_client_ends_after_its_key_is_revoked()
    {
        var key = await town.KeyAsync("client");
        Show(key);
        var changes = town.Grains.GetGrain<IAccountGrain>("OUT-1").Changes(default).GetAsyncEnumerator();
        Assert.True(await changes.MoveNextAsync());

        // A second step, after a change: what is refused below is the key and not the step.
        var number = (int)(await ScalarAsync("select number from account where id = 'OUT-1'"))!;
        Assert.True((await town.Grains.GetGrain<IAccountGrain>("OUT-1").Execute(new TakePayment(number, 1_000_000_000, "bank", null).ToBytes(), $"payment:{number}:stream", new byte[32])).Accepted);
        Assert.True(await changes.MoveNextAsync());
        using var http = new HttpClient { BaseAddress = new Uri(town.Host.Url) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", town.Host.AdministratorKey);
        Assert.Equal(HttpStatusCode.NoContent, (await http.DeleteAsync($"/v1/keys/{key.Split('_')[1]}")).StatusCode);
        var revoked = TimeProvider.System.GetTimestamp();
        var refused = await RefusedAsync(async () =>
        {
            while (await changes.MoveNextAsync())
            {
            }
        });
        Assert.StartsWith("A valid key is needed", refused.Message, StringComparison.Ordinal);
        Assert.InRange(TimeProvider.System.GetElapsedTime(revoked), TimeSpan.Zero, TimeSpan.FromSeconds(40));
    }

    [Fact]
    public async Task A_command_for_another_account_or_meter_is_refused_by_the_grain_that_it_is_given_to()
    {
        await grid.OpenAsync("GRN-1");
        await grid.OpenAsync("GRN-2");
        var grains = grid.Host.Services.GetRequiredService<IGrainFactory>();
        await using var find = grid.Database.CreateCommand("select number from account where id = 'GRN-2'");
        var other = (int)(await find.ExecuteScalarAsync())!;
        var (account, meter) = (grains.GetGrain<IAccountGrain>("GRN-1"), grains.GetGrain<IMeterGrain>("GRN-1"));
        Assert.Equal("command.not_of_account", (await account.Execute(new TakePayment(other, 1_000, "bank", null).ToBytes(), "p", new byte[32])).Code);
        Assert.Equal("command.not_of_account", (await account.Execute(new Check(0, [other]).ToBytes(), "c", new byte[32])).Code);
        Assert.Equal("command.not_of_meter", (await meter.Execute(new ReleaseMeter(987_654, other, 0, 0, null).ToBytes(), "r", new byte[32])).Code);
        Assert.Equal("command.not_of_meter", (await meter.Execute(new TakePayment(other, 1_000, "bank", null).ToBytes(), "p", new byte[32])).Code);
        await grid.BalanceAsync("GRN-2", "0.000000000");
    }

    private static void Show(string key) => RequestContext.Set(CallGuard.KeyName, key);

    private static Task<UnauthorizedAccessException> RefusedAsync(Func<Task> call) => Assert.ThrowsAsync<UnauthorizedAccessException>(call);

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = town.Database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}

/// <summary>A grid that opens its port for Orleans clients, and such a client.</summary>
public sealed class ClientGrid : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"ag-{Guid.NewGuid():N}"[..18]);
    private GridFixture _grid = null!;
    private IHost _client = null!;

    public GridHost Host => _grid.Host;

    public Npgsql.NpgsqlDataSource Database => _grid.Database;

    public IGrainFactory Grains => _client.Services.GetRequiredService<IClusterClient>();

    public X509Certificate2 Certificate { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_folder);

        // Of a client that is its own authority.
        Certificate = SelfSigned("client");
        var authority = Path.Combine(_folder, "clients.pem");
        await File.WriteAllTextAsync(authority, Certificate.ExportCertificatePem());
        var port = GridProcess.FreePort();
        _grid = new GridFixture { More = [$"--Grid:GatewayPort={port}", $"--Grid:ClientAuthority={authority}"] };
        await _grid.InitializeAsync();
        await _grid.OpenAsync("OUT-1");
        var (own, silos) = SiloCertificates.Issue(Host.Services.GetRequiredService<GridSecret>(), TimeProvider.System);
        var tls = new SiloTls(Certificate, Certificate, silos);
        own.Dispose();
        _client = Microsoft.Extensions.Hosting.Host.CreateDefaultBuilder().ConfigureLogging(l => l.ClearProviders()).UseOrleansClient(c => c
            .UseStaticClustering(new IPEndPoint(IPAddress.Loopback, port))
            .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = ("accountgrid", "accountgrid"))
            .Configure<ClientConnectionOptions>(o => o.ConfigureConnection(b => b.Use(next => context => tls.CallAsync(context, next, NullLogger.Instance))))).Build();
        await _client.StartAsync();
    }

    public async Task<string> KeyAsync(string role) => (await _grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest(role, "outside", role == "gateway" ? "G1" : null))).Key;

    public static X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var own = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>A handshake of TLS 1.3 is over for the client before the server has judged: it is let in if the connection then stays open.</summary>
    public static async Task<bool> IsLetInAsync(int port, X509Certificate2 certificate)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var tls = new System.Net.Security.SslStream(client.GetStream(), false, (_, _, _, _) => true);
        try
        {
            await tls.AuthenticateAsClientAsync(new System.Net.Security.SslClientAuthenticationOptions { TargetHost = "127.0.0.1", ClientCertificates = [certificate] });
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            return await tls.ReadAsync(new byte[1], patience.Token) > 0;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _client.StopAsync();
        _client.Dispose();
        await _grid.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
