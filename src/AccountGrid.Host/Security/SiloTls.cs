using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AccountGrid.Host.Database;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;

namespace AccountGrid.Host.Security;

/// <summary>
/// TLS between silos, both ways: each shows a certificate of the grid's own authority, and whoever has none is cut off before a byte of
/// Orleans' protocol is read. Without settings the authority's key comes from the grid's secret, so that every process of the grid can issue its own
/// certificate and nobody else can. Names are not compared, since silos are called by address and come and go: an authority that issues to
/// nobody but this grid's silos is what lets a process in. Orleans clients have an authority of their own.
/// </summary>
internal sealed partial class SiloTls
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    private readonly SslStreamCertificateContext _own;
    private readonly X509ChainPolicy _trust;

    internal SiloTls(X509Certificate2 own, X509Certificate2 authority, X509Certificate2 trusted)
    {
        _own = SslStreamCertificateContext.Create(own, [authority], offline: true);

        // The authority is in nobody's directory: there is no list of revoked certificates to ask for.
        _trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true
        };
        _trust.CustomTrustStore.Add(trusted);
    }

    /// <summary>Puts TLS under all connections of a silo.</summary>
    /// <exception cref="StartException">
    /// A file is missing or no certificate, the key is not the certificate's, or only some of the settings are there.
    /// </exception>
    public static void Use(ISiloBuilder silo, GridOptions options, GridSecret secret)
    {
        string[] files = [options.SiloCertificate, options.SiloCertificateKey, options.SiloAuthority];
        var isGiven = files.Any(f => f.Length > 0);
        if (isGiven && files.Any(f => f.Length == 0))
        {
            throw new StartException(
                "TLS between silos needs all of Grid__SiloCertificate, Grid__SiloCertificateKey and Grid__SiloAuthority: paths of PEM files; or none, and "
                    + "the grid issues its own.");
        }

        var (own, authority) = isGiven ? Load(files) : SiloCertificates.Issue(secret, TimeProvider.System);
        var silos = new SiloTls(own, authority, authority);
        if (isGiven && !silos.IsTrusted(own))
        {
            throw new StartException($"Grid__SiloCertificate {files[0]} was not issued by Grid__SiloAuthority {files[2]}, or is not valid now.");
        }

        var clients = options.GatewayPort == 0 ? null : new SiloTls(own, authority, LoadClientAuthority(options, authority));
        silo.Configure<SiloConnectionOptions>(o =>
        {
            o.ConfigureSiloInboundConnection(c => c.Use(next => context => silos.AcceptAsync(context, next, LoggerOf(c))));
            o.ConfigureSiloOutboundConnection(c => c.Use(next => context => silos.CallAsync(context, next, LoggerOf(c))));
            if (clients is not null)
            {
                o.ConfigureGatewayInboundConnection(c => c.Use(next => context => clients.AcceptAsync(context, next, LoggerOf(c))));
            }
        });
    }

    private static X509Certificate2 LoadClientAuthority(GridOptions options, X509Certificate2 silos)
    {
        if (options.ClientAuthority.Length == 0)
        {
            throw new StartException(
                "Grid__GatewayPort opens a port for Orleans clients: Grid__ClientAuthority must name the authority that issued their certificates, "
                    + "a PEM file.");
        }

        try
        {
            var authority = X509CertificateLoader.LoadCertificateFromFile(options.ClientAuthority);
            return authority.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(silos.PublicKey.ExportSubjectPublicKeyInfo())
                ? throw new StartException(
                    "Grid__ClientAuthority is the silos' own authority: a client with its certificate could act as a silo. Issue clients' certificates by "
                        + "another one.")
                : authority;
        }
        catch (Exception e) when (e is IOException or CryptographicException or UnauthorizedAccessException)
        {
            throw new StartException($"Grid__ClientAuthority: {options.ClientAuthority} cannot be used: {e.Message}");
        }
    }

    private static (X509Certificate2 Own, X509Certificate2 Authority) Load(string[] files)
    {
        try
        {
            // Through PKCS 12, because a key that was only read from PEM cannot be used by every platform's TLS.
            using var read = X509Certificate2.CreateFromPemFile(files[0], files[1]);
            return (X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null), X509CertificateLoader.LoadCertificateFromFile(files[2]));
        }
        catch (Exception e) when (e is IOException or CryptographicException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StartException($"TLS between silos: {string.Join(", ", files)} cannot be used: {e.Message}");
        }
    }

    internal Task AcceptAsync(ConnectionContext context, ConnectionDelegate next, ILogger logger) =>
        RunAsync(context, next, logger, (tls, cancel) => tls.AuthenticateAsServerAsync(
        new SslServerAuthenticationOptions
        {
            ServerCertificateContext = _own,
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            RemoteCertificateValidationCallback = IsTrusted,
        },
        cancel));

    internal Task CallAsync(ConnectionContext context, ConnectionDelegate next, ILogger logger) =>
        RunAsync(context, next, logger, (tls, cancel) => tls.AuthenticateAsClientAsync(
        new SslClientAuthenticationOptions
        {
            TargetHost = (context.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "",
            ClientCertificateContext = _own,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            RemoteCertificateValidationCallback = IsTrusted,
        },
        cancel));

    private static async Task RunAsync(ConnectionContext context, ConnectionDelegate next, ILogger logger,
        Func<SslStream, CancellationToken, Task> authenticate)
    {
        var plain = context.Transport;
        await using var tls = new SslStream(new PipeStream(plain), leaveInnerStreamOpen: false);
        using (var patience = CancellationTokenSource.CreateLinkedTokenSource(context.ConnectionClosed))
        {
            patience.CancelAfter(HandshakeTimeout);
            try
            {
                await authenticate(tls, patience.Token);
            }
            catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException)
            {
                // Orleans says nothing of a connection that ends before it began, and a silo that is given a wrong certificate must be found.
                NotAuthenticated(logger, context.RemoteEndPoint, e.GetBaseException().Message);
                throw;
            }
        }

        var sealedPipe = new DuplexPipe(PipeReader.Create(tls, new StreamPipeReaderOptions(leaveOpen: true)),
            PipeWriter.Create(tls, new StreamPipeWriterOptions(leaveOpen: true)));
        context.Transport = sealedPipe;
        try
        {
            await next(context);
        }
        finally
        {
            context.Transport = plain;
        }
    }

    private bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate is X509Certificate2 shown
            ? IsTrusted(shown)
            : certificate is not null && IsTrusted(X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()));

    private bool IsTrusted(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy = _trust.Clone();
        return chain.Build(certificate);
    }

    private static ILogger LoggerOf(IConnectionBuilder connection) =>
        connection.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger<SiloTls>();

    [LoggerMessage(2201, LogLevel.Warning, "No TLS with {Remote}: {Cause}")]
    private static partial void NotAuthenticated(ILogger logger, EndPoint? remote, string cause);

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>The two halves of a connection as the one stream that TLS is spoken over.</summary>
    private sealed class PipeStream(IDuplexPipe pipe) : Stream
    {
        private readonly Stream _input = pipe.Input.AsStream(leaveOpen: true);
        private readonly Stream _output = pipe.Output.AsStream(leaveOpen: true);

        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _input.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            _output.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => _output.FlushAsync(cancellationToken);

        public override void Flush() => _output.Flush();

        public override int Read(byte[] buffer, int offset, int count) => _input.Read(buffer, offset, count);

        public override void Write(byte[] buffer, int offset, int count) => _output.Write(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
