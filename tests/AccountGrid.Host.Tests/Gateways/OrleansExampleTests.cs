using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Security;
using AccountGrid.LoadTest.Targets;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests.Gateways;

/// <summary>The examples that are Orleans applications, as processes.</summary>
public sealed class OrleansExampleTests
{
    [Fact]
    public async Task A_web_api_that_is_an_Orleans_client_pays_and_shows_balances_live()
    {
        using var folder = new TemporaryFolder();
        await using var postgres = await TestPostgres.StartAsync();
        var database = await postgres.CreateDatabaseAsync();
        await WriteAsync(folder, "silo");
        await WriteAsync(folder, "client");
        await using var grid = await GridProcess.StartAsync(folder.Of("grid"), database, null, ("Grid__Partitions", "4"),
            ("Grid__SiloPort", $"{GridProcess.FreePort()}"), ("Grid__GatewayPort", $"{GridProcess.FreePort()}"),
            ("Grid__SiloCertificate", folder.Of("silo.pem")), ("Grid__SiloCertificateKey", folder.Of("silo.key")),
            ("Grid__SiloAuthority", folder.Of("silo.pem")), ("Grid__ClientAuthority", folder.Of("client.pem")));
        using var admin = grid.Client();
        await admin.RegisterAsync("/v1/tariffs", GridFixture.Flat());
        await admin.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest("LIVE-1", "flat", OpenedOn: new DateOnly(2026, 3, 1)));
        var key = (await admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("client", "web"))).Key;
        var url = $"http://127.0.0.1:{GridProcess.FreePort()}";
        await using var web = await ChildProcess.StartAsync(Example.ProgramOf("LiveBalances"), url, "/", ["--urls", url], new Dictionary<string, string>
        {
            ["ConnectionStrings__AccountGrid"] = database,
            ["Grid__Key"] = key,
            ["Grid__CertificateFile"] = folder.Of("client.pem"),
            ["Grid__CertificateKeyFile"] = folder.Of("client.key"),
            ["Grid__SiloAuthorityFile"] = folder.Of("silo.pem"),
        });
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(100));
        using var reader = new StreamReader(await http.GetStreamAsync("/accounts/LIVE-1/live", patience.Token));
        Assert.Contains("\"amount\":0", await DataAsync(reader, patience.Token), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/accounts/LIVE-1/payments")
        {
            Content = JsonContent.Create(new { amount = 12.5m, channel = "web" }),
        };
        request.Headers.Add("Idempotency-Key", "k1");
        using var paid = await http.SendAsync(request);
        Assert.True(paid.IsSuccessStatusCode, await paid.Content.ReadAsStringAsync());
        Assert.Contains("\"amount\":12.5", await DataAsync(reader, patience.Token), StringComparison.Ordinal);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await http.GetAsync("/accounts/NONE/live")).StatusCode);
    }

    [Fact]
    public async Task An_Orleans_application_counts_what_it_appends_to_a_log_and_goes_on_counting_in_its_next_run()
    {
        await using var postgres = await TestPostgres.StartAsync();
        var database = await postgres.CreateDatabaseAsync();
        foreach (var words in new[] { 2, 4 })
        {
            var (status, output) = await ChildProcess.RunAsync(
                Example.ProgramOf("Streams"), ["one", "two"], new Dictionary<string, string> { ["ConnectionStrings__Log"] = database });
            Assert.True(status == 0, output);
            Assert.Contains($"partition 3: {words} words", output, StringComparison.Ordinal);
        }
    }

    private static async Task<string> DataAsync(StreamReader reader, CancellationToken cancel)
    {
        while (await reader.ReadLineAsync(cancel) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return line;
            }
        }

        return "the stream has ended";
    }

    /// <summary>A certificate that is its own authority.</summary>
    private static async Task WriteAsync(TemporaryFolder folder, string name)
    {
        using var certificate = ClientGrid.SelfSigned(name);
        await File.WriteAllTextAsync(folder.Of($"{name}.pem"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(folder.Of($"{name}.key"), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }
}
