using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Client;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Security;
using AccountGrid.Testing;
using Npgsql;

namespace AccountGrid.Cluster.Tests;

/// <summary>Two silos and their database speak TLS with each other, and with nobody who has no certificate of theirs.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    /// <summary>A loopback address of this database's own: its port is PostgreSQL's usual one, which a server of the machine may hold on 127.0.0.1.</summary>
    private static readonly string Address =
        $"127.{RandomNumberGenerator.GetInt32(64, 250)}.{RandomNumberGenerator.GetInt32(1, 250)}.{RandomNumberGenerator.GetInt32(1, 250)}";

    private readonly TestFolder _folder = new();
    private readonly int[] _ports = [GridProcess.FreePort(), GridProcess.FreePort(), GridProcess.FreePort(), GridProcess.FreePort()];
    private readonly List<GridProcess> _silos = [];
    private TestPostgres _postgres = null!;
    private string _database = "";

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_folder.Path);
        Authority.Make(_folder.Path, "grid").Issue("silo").Issue("database");
        Authority.Make(_folder.Path, "clients").Issue("client");
        Authority.Make(_folder.Path, "stranger").Issue("thief");
        _postgres = await TestPostgres.StartAsync();
        _database = await ServeTlsAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }

        await _postgres.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Silos_and_database_speak_TLS_and_only_with_their_own()
    {
        for (var i = 0; i < 2; i++)
        {
            _silos.Add(await GridProcess.StartAsync(Path.Combine(_folder.Path, $"silo{i}"), _database, null, SettingsOf(i)));
        }

        // Accounts are spread over both silos: each is written through one and read through the other.
        using var first = new GridClient(_silos[0].Url, _silos[0].AdministratorKey);
        using var second = new GridClient(_silos[1].Url, _silos[1].AdministratorKey);
        await first.RegisterAsync("/v1/tariffs",
            new Domain.Rating.TariffDefinition { Id = "flat", Currency = "CNY", Zone = "Asia/Shanghai", Rates = [new("flat", "0.50")] });
        await first.RegisterAsync("/v1/gateways", new GatewayRequest("G1"));
        var ids = Enumerable.Range(0, 24).Select(i => $"T{i}").ToList();
        var lines = new StringBuilder();
        foreach (var id in ids)
        {
            await first.PostAsync<AccountAnswer>("/v1/accounts", new OpenAccountRequest(id, "flat", OpenedOn: new DateOnly(2026, 3, 1)));
            await first.PostAsync<MeterAnswer>("/v1/meters",
                new InstallMeterRequest(id, "G1", id, DateTimeOffset.Parse("2026-03-01T00:00:00+08:00", CultureInfo.InvariantCulture)));
            lines.Append(CultureInfo.InvariantCulture, $"{{\"meter\":\"{id}\",\"ts\":\"2026-03-01T01:00:00+08:00\",\"value\":4000}}\n");
        }

        Assert.Equal(ids.Count, (await first.PushAsync(Encoding.UTF8.GetBytes(lines.ToString()))).Accepted);
        foreach (var client in new[] { first, second })
        {
            foreach (var id in ids)
            {
                await Eventually.GetAsync(() => client.GetAsync<BalanceAnswer>($"/v1/accounts/{id}/balance"), b => b.Amount == "-2.000000000",
                    $"The balance of {id}");
            }
        }

        // Every connection to the database is sealed, the membership's and the reminders' too.
        await using (var connection = new NpgsqlConnection(_database))
        {
            await connection.OpenAsync();
            await using var sealedOnes =
                new NpgsqlCommand(
                    "select count(*) filter (where s.ssl), count(*) filter (where not s.ssl) from pg_stat_ssl s join pg_stat_activity a using (pid) where "
                        + "a.usename = 'accountgrid' and a.backend_type = 'client backend'", connection);
            await using var reader = await sealedOnes.ExecuteReaderAsync();
            await reader.ReadAsync();
            Assert.True(reader.GetInt64(0) > 4);
            Assert.Equal(0, reader.GetInt64(1));
        }

        // At a silo's port the silos' certificate comes in, at the port for Orleans clients a client's; the other's does not, nor a stranger's, nor nobody's,
        // nor one who speaks Orleans in the clear.
        foreach (var (port, own, other) in _ports.Select((p, i) => i % 2 == 0 ? (p, "silo", "client") : (p, "client", "silo")))
        {
            Assert.True(await IsLetInAsync(port, own));
            Assert.False(await IsLetInAsync(port, other));
            Assert.False(await IsLetInAsync(port, "thief"));
            Assert.False(await IsLetInAsync(port, null));
            Assert.False(await IsAnsweredInTheClearAsync(port));
        }

        // Whoever looks for the silo that was given a wrong certificate finds it in the log.
        Assert.All(_silos, s => Assert.Contains("No TLS with 127.0.0.1", s.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Settings_that_would_not_work_are_named_at_the_start()
    {
        (string, string)[] strangers = [
            .. SettingsOf(0).Select(s => s.Name == "Grid__SiloAuthority" ? (s.Name, Path.Combine(_folder.Path, "stranger.pem")) : s)];
        Assert.Contains("was not issued by Grid__SiloAuthority", await FailureAsync(_database, strangers), StringComparison.Ordinal);
        Assert.Contains("needs all of Grid__SiloCertificate", await FailureAsync(_database, [.. SettingsOf(0).Where(s => s.Name != "Grid__SiloAuthority")]),
            StringComparison.Ordinal);
        Assert.Contains("Grid__ClientAuthority must name", await FailureAsync(_database, [.. SettingsOf(0).Where(s => s.Name != "Grid__ClientAuthority")]),
            StringComparison.Ordinal);
        Assert.Contains("is the silos' own authority",
            await FailureAsync(_database,
                [.. SettingsOf(0).Select(s => s.Name == "Grid__ClientAuthority" ? (s.Name, Path.Combine(_folder.Path, "grid.pem")) : s)]),
                StringComparison.Ordinal);
        Assert.Contains("nowhere.pem",
            await FailureAsync(_database,
                [.. SettingsOf(0).Select(s => s.Name == "Grid__SiloCertificate" ? (s.Name, Path.Combine(_folder.Path, "nowhere.pem")) : s)]),
                StringComparison.Ordinal);

        Assert.Contains("Grid__SiloAddress: 'here' is not an IP address", await FailureAsync(_database, [.. SettingsOf(0), ("Grid__SiloAddress", "here")]),
            StringComparison.Ordinal);
        Assert.Contains("192.0.2.1 is not an address of this machine",
            await FailureAsync(_database, [("Grid__Partitions", "8"), ("Grid__SiloAddress", "192.0.2.1")]), StringComparison.Ordinal);

        // A database whose certificate is of another authority is not spoken to.
        var other = new NpgsqlConnectionStringBuilder(_database) { RootCertificate = Path.Combine(_folder.Path, "stranger.pem") }.ConnectionString;
        Assert.Contains("certificate", await FailureAsync(other, SettingsOf(0)), StringComparison.OrdinalIgnoreCase);
    }

    private (string Name, string Value)[] SettingsOf(int silo) =>
    [
        ("Grid__Partitions", "8"), ("Grid__SiloPort", Text(_ports[silo * 2])), ("Grid__GatewayPort", Text(_ports[(silo * 2) + 1])),
        ("Security__PersonalDataKey", Convert.ToBase64String(new byte[32])),
        ("Grid__SiloCertificate", Path.Combine(_folder.Path, "silo.pem")), ("Grid__SiloCertificateKey", Path.Combine(_folder.Path, "silo.key")),
        ("Grid__SiloAuthority", Path.Combine(_folder.Path, "grid.pem")),
        ("Grid__ClientAuthority", Path.Combine(_folder.Path, "clients.pem")),
    ];

    private async Task<string> FailureAsync(string database, (string, string)[] settings)
    {
        var start = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => _silos.Add(await GridProcess.StartAsync(Path.Combine(_folder.Path, $"bad{Guid.NewGuid():N}"[..12]), database, null, settings)));
        return start.Message;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Makes the database speak TLS over TCP and nothing else there; returns the connection string of a grid that checks its certificate.</summary>
    private async Task<string> ServeTlsAsync()
    {
        var plain = await _postgres.CreateDatabaseAsync();
        string hba;
        await using (var connection = new NpgsqlConnection(_postgres.AdministratorConnectionString))
        {
            await connection.OpenAsync();
            await using var show = new NpgsqlCommand("show data_directory", connection);
            var place = (string)(await show.ExecuteScalarAsync())!;
            foreach (var (name, value) in new[] { ("listen_addresses", Address), ("ssl", "on"), ("ssl_cert_file", "server.pem"),
                ("ssl_key_file", "server.key") })
            {
                await using var set = new NpgsqlCommand($"alter system set {name} = '{value}'", connection);
                await set.ExecuteNonQueryAsync();
            }

            // Written by the server's own user, since a key that another one owns is refused.
            foreach (var (file, suffix) in new[] { ("server.pem", "pem"), ("server.key", "key") })
            {
                await using var write =
                    new NpgsqlCommand(
                        $"copy (select unnest(string_to_array($${(await File.ReadAllTextAsync(Path.Combine(_folder.Path, $"database.{suffix}"))).Trim()}$$, "
                            + $"E'\\n'))) to program 'umask 077; cat > {place}/{file}'", connection);
                await write.ExecuteNonQueryAsync();
            }

            hba = Path.Combine(place, "pg_hba.conf");
        }

        await File.WriteAllTextAsync(hba, "local all all trust\nhostssl all all 127.0.0.0/8 trust\nhostnossl all all all reject\n");
        await _postgres.CrashAsync();
        return new NpgsqlConnectionStringBuilder(plain)
        {
            Host = Address,
            SslMode = SslMode.VerifyFull,
            RootCertificate = Path.Combine(_folder.Path, "grid.pem")
        }.ConnectionString;
    }

    private async Task<bool> IsLetInAsync(int port, string? certificate)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var tls = new SslStream(client.GetStream(), false, (_, _, _, _) => true);
        var shown = new X509CertificateCollection();
        if (certificate is not null)
        {
            using var read =
                X509Certificate2.CreateFromPemFile(Path.Combine(_folder.Path, certificate + ".pem"), Path.Combine(_folder.Path, certificate + ".key"));
            shown.Add(X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null));
        }

        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", ClientCertificates = shown });

            // A handshake of TLS 1.3 is over for the client before the server has judged: it is let in if the connection then stays open.
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            return await tls.ReadAsync(new byte[1], patience.Token) > 0;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return false;
        }
    }

    private static async Task<bool> IsAnsweredInTheClearAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await client.GetStream().WriteAsync(new byte[64]);
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            var answer = new byte[64];
            var read = await client.GetStream().ReadAsync(answer, patience.Token);

            // An alert of TLS (record type 21) is a refusal.
            return read > 0 && answer[0] != 21;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>A certificate authority in a folder, and what it issues for the database's address: PEM files.</summary>
    private sealed class Authority(string folder, X509Certificate2 own)
    {
        public static Authority Make(string folder, string name)
        {
            var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            var now = TimeProvider.System.GetUtcNow();
            var own = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
            File.WriteAllText(Path.Combine(folder, name + ".pem"), own.ExportCertificatePem());
            return new Authority(folder, own);
        }

        public Authority Issue(string name)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Parse(Address));
            names.AddDnsName(Address);
            request.CertificateExtensions.Add(names.Build());
            var now = TimeProvider.System.GetUtcNow();
            using var certificate = request.Create(own, now.AddHours(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(8));
            File.WriteAllText(Path.Combine(folder, name + ".pem"), certificate.ExportCertificatePem());
            File.WriteAllText(Path.Combine(folder, name + ".key"), key.ExportPkcs8PrivateKeyPem());
            return this;
        }
    }
}
