using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Connections.Security;

namespace AccountGrid.Contracts;

/// <summary>Makes a program an Orleans client of a grid.</summary>
public static class AccountGridClientHosting
{
    private const string Service = "accountgrid";

    /// <summary>Finds the silos by the grid's database, speaks TLS with them, and gives each call the key.</summary>
    /// <param name="client">What is configured.</param>
    /// <param name="connectionString">Of the grid's database, where its silos are listed; a role that may read <c>orleansmembershiptable</c> and
    /// <c>orleansquery</c> is enough.</param>
    /// <param name="configure">Key and certificates.</param>
    /// <exception cref="ArgumentException">An option is missing.</exception>
    public static IClientBuilder UseAccountGrid(this IClientBuilder client, string connectionString, Action<AccountGridClientOptions> configure)
    {
        client.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = ("Npgsql", connectionString));
        return client.UseAccountGridCalls(configure);
    }

    /// <summary>The same without the database, for a program that finds the gateways in another way.</summary>
    public static IClientBuilder UseAccountGridCalls(this IClientBuilder client, Action<AccountGridClientOptions> configure)
    {
        var options = new AccountGridClientOptions();
        configure(options);
        var (own, authority) = Load(options);
        client.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (options.ClusterId, Service));
        client.Services.AddSingleton<IOutgoingGrainCallFilter>(new CallKey(options.Key));
        return client.UseTls(tls =>
        {
            tls.LocalCertificate = own;
            tls.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;

            // Silos are called by address and come and go: an authority that issues to silos alone is what tells them from others.
            tls.RemoteCertificateValidation = (certificate, _, _) => IsOf(certificate, authority);
            tls.OnAuthenticateAsClient = (_, ssl) => ssl.TargetHost = Service;
        });
    }

    private static (X509Certificate2 Own, X509Certificate2 Authority) Load(AccountGridClientOptions options)
    {
        foreach (var (name, file) in new[]
        {
            (nameof(options.CertificateFile), options.CertificateFile), (nameof(options.CertificateKeyFile), options.CertificateKeyFile),
            (nameof(options.SiloAuthorityFile), options.SiloAuthorityFile),
        })
        {
            if (!File.Exists(file))
            {
                throw new ArgumentException($"{name}: there is no file '{file}'; a PEM file is needed.", name);
            }
        }

        // Through PKCS 12, because a key that was only read from PEM cannot be used by every platform's TLS.
        using var read = X509Certificate2.CreateFromPemFile(options.CertificateFile, options.CertificateKeyFile);
        return (X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null),
            X509CertificateLoader.LoadCertificateFromFile(options.SiloAuthorityFile));
    }

    private static bool IsOf(X509Certificate2 certificate, X509Certificate2 authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        return chain.Build(certificate);
    }
}
