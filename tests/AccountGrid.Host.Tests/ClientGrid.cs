using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AccountGrid.Contracts;
using AccountGrid.Host.Hosting;
using AccountGrid.Host.Security;
using AccountGrid.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AccountGrid.Host.Tests;

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
        foreach (var id in new[] { "OUT-1", "OUT-2", "OUT-3" })
        {
            await _grid.OpenAsync(id);
        }

        var (own, silos) = SiloCertificates.Issue(Host.Services.GetRequiredService<GridSecret>(), TimeProvider.System);
        own.Dispose();
        var (key, siloAuthority) = (Path.Combine(_folder, "client.key"), Path.Combine(_folder, "silos.pem"));
        await File.WriteAllTextAsync(key, Certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        await File.WriteAllTextAsync(siloAuthority, silos.ExportCertificatePem());
        _client = Microsoft.Extensions.Hosting.Host.CreateDefaultBuilder().ConfigureLogging(l => l.ClearProviders()).UseOrleansClient(c => c
            .UseStaticClustering(new IPEndPoint(IPAddress.Loopback, port))
            .UseAccountGridCalls(o => (o.CertificateFile, o.CertificateKeyFile, o.SiloAuthorityFile) = (authority, key, siloAuthority)))
            .Build();
        await _client.StartAsync();
    }

    public async Task<string> KeyAsync(string role, string? area = null) =>
        (await _grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest(role, "outside", role == "gateway" ? "G1" : null, Area: area))).Key;

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
            await tls.AuthenticateAsClientAsync(
                new System.Net.Security.SslClientAuthenticationOptions { TargetHost = "127.0.0.1", ClientCertificates = [certificate] });
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
