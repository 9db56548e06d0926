using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AccountGrid.Host.Hosting;

namespace AccountGrid.Host.Tests;

public sealed class OperatorGrid : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"ag-{Guid.NewGuid():N}"[..18]);
    private X509Certificate2 _certificate = null!;

    public GridHost Host { get; private set; } = null!;

    public FakeProvider Provider { get; } = new();

    /// <summary>Further settings.</summary>
    public string[] More { get; init; } = [];

    public async ValueTask InitializeAsync()
    {
        await Provider.StartAsync();
        Directory.CreateDirectory(_folder);
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        _certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var (certificate, secret) = (Path.Combine(_folder, "grid.pem"), Path.Combine(_folder, "grid.key"));
        await File.WriteAllTextAsync(certificate, _certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(secret, key.ExportPkcs8PrivateKeyPem());
        Host = await GridHost.StartAsync(
            new StartOptions(
                Path.Combine(_folder, "data"), "https://127.0.0.1:0",
                [
                    "--Grid:Partitions=4", $"--Security:Oidc:Authority={Provider.Issuer}", "--Security:Oidc:RequireHttps=false",
                    $"--Security:Oidc:ClientId={FakeProvider.ClientId}", $"--Security:Oidc:ClientSecret={FakeProvider.ClientSecret}",
                    "--Security:RequestsPerSecond=20", "--Security:RequestsAtOnce=60", "--Security:StrangersPerSecond=200",
                    "--Security:TrustedProxies=127.0.0.1",
                    $"--Kestrel:Certificates:Default:Path={certificate}", $"--Kestrel:Certificates:Default:KeyPath={secret}", .. More,
                ],
                Quiet: true),
            Console.WriteLine);
    }

    /// <summary>Takes this grid's certificate and no other.</summary>
    public bool Trust(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors) =>
        shown?.GetCertHashString() == _certificate.GetCertHashString();

    /// <summary>A client that trusts this grid's certificate and no other.</summary>
    public HttpClient Client(string? token)
    {
        var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = Trust } };
        var http = new HttpClient(handler) { BaseAddress = new Uri(Host.Url) };
        http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Provider.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
