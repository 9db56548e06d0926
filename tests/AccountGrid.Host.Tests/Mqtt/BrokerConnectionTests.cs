using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AccountGrid.Host.Database;
using AccountGrid.Host.Mqtt;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests.Mqtt;

/// <summary>Who a broker is, and whom it lets in.</summary>
public sealed class BrokerConnectionTests
{
    private static readonly BrokerSession Session = new("tester", ["$share/tests/accountgrid/v1/+/readings"], [], [], null);

    [Fact]
    public async Task A_broker_lets_in_the_right_name_with_the_right_certificate()
    {
        var folder = Directory.CreateTempSubdirectory("ag-mc-").FullName;
        try
        {
            Issue(folder);
            using (var passwords = Process.Start("mosquitto_passwd", ["-b", "-c", Path.Combine(folder, "passwords"), "bridge", "right"]))
            {
                await passwords.WaitForExitAsync(TestContext.Current.CancellationToken);
                Assert.Equal(0, passwords.ExitCode);
            }

            await using var broker = await Mosquitto.StartAsync("allow_anonymous false", $"password_file {folder}/passwords",
                $"cafile {folder}/ca.pem", $"certfile {folder}/server.pem", $"keyfile {folder}/server.key", "require_certificate true");
            MqttOptions Right() => new()
            {
                Server = "127.0.0.1",
                Port = broker.Port,
                Tls = true,
                Authority = $"{folder}/ca.pem",
                Certificate = $"{folder}/client.pem",
                CertificateKey = $"{folder}/client.key",
                User = "bridge",
                Password = "right",
            };

            await using (var connection = await OpenAsync(Right()))
            {
                Assert.False(connection.HadSession);
            }

            await using (var again = await OpenAsync(Right()))
            {
                Assert.True(again.HadSession);
            }

            var wrong = Right();
            wrong.Password = "wrong";
            Assert.Contains("refuses the connection", await WhyNotAsync(wrong), StringComparison.Ordinal);
            var nameless = Right();
            (nameless.Certificate, nameless.CertificateKey) = ("", "");
            Assert.NotEmpty(await WhyNotAsync(nameless));
            var stranger = Right();
            stranger.Authority = $"{folder}/other.pem";
            Assert.Contains("certificate", await WhyNotAsync(stranger), StringComparison.OrdinalIgnoreCase);
            var missing = Right();
            missing.Authority = $"{folder}/nothing.pem";
            Assert.Contains("Mqtt__Authority", Assert.Throws<StartException>(() => BrokerTls.Load(missing)).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_said_in_one_line()
    {
        var why = await WhyNotAsync(new MqttOptions { Server = "127.0.0.1", Port = GridProcess.FreePort() });
        Assert.DoesNotContain('\n', why);
        Assert.Contains("refused", why, StringComparison.OrdinalIgnoreCase);
    }

    private static Task<BrokerConnection> OpenAsync(MqttOptions options) => BrokerConnection.OpenAsync(options,
        options.Tls ? BrokerTls.Load(options) : null, Session, 0, (_, _) => { }, TestContext.Current.CancellationToken);

    private static async Task<string> WhyNotAsync(MqttOptions options) => (await Assert.ThrowsAsync<BrokerException>(() => OpenAsync(options))).Message;

    /// <summary>An authority, a server's and a client's certificate of it, and an authority that has nothing to do with them.</summary>
    private static void Issue(string folder)
    {
        var (from, until) = (TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        X509Certificate2 Authority(string file)
        {
            var request = new CertificateRequest("CN=test authority", ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            var made = request.CreateSelfSigned(from, until);
            File.WriteAllText(Path.Combine(folder, file), made.ExportCertificatePem());
            return made;
        }

        using var ca = Authority("ca.pem");
        using var other = Authority("other.pem");
        foreach (var name in new[] { "server", "client" })
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(System.Net.IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
            using var made = request.Create(ca, from, until, RandomNumberGenerator.GetBytes(8));
            File.WriteAllText(Path.Combine(folder, $"{name}.pem"), made.ExportCertificatePem());
            File.WriteAllText(Path.Combine(folder, $"{name}.key"), key.ExportPkcs8PrivateKeyPem());
        }
    }
}
