using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AccountGrid.Host.Database;
using MQTTnet;

namespace AccountGrid.Host.Mqtt;

/// <summary>TLS to a broker: whom it must be, and who this process is.</summary>
internal static class BrokerTls
{
    /// <summary>Loads the files once, before the first connection.</summary>
    /// <exception cref="StartException">A file is missing, or no certificate or key.</exception>
    public static Action<MqttClientTlsOptionsBuilder> Load(MqttOptions options)
    {
        var authority = options.Authority.Length == 0 ? null : Read("Mqtt__Authority", options.Authority, () =>
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPemFile(options.Authority);
            return all.Count > 0 ? all : throw new CryptographicException("The file holds no certificate.");
        });

        // Some TLS stacks take no key that exists in memory alone, without this round trip.
        var own = options.Certificate.Length == 0 ? null : Read("Mqtt__Certificate", options.Certificate, () =>
        {
            using var pem = X509Certificate2.CreateFromPemFile(options.Certificate, options.CertificateKey);
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        });
        return tls =>
        {
            tls.UseTls().WithTargetHost(options.Server);
            if (own is not null)
            {
                tls.WithClientCertificates([own]);
            }

            if (authority is not null)
            {
                // The authority is the operator's own: there is no list of revoked certificates to ask for.
                tls.WithRevocationMode(X509RevocationMode.NoCheck).WithTrustChain(authority);
            }
        };
    }

    private static T Read<T>(string setting, string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new StartException($"{setting}: {file} cannot be used: {e.Message}");
        }
    }
}
