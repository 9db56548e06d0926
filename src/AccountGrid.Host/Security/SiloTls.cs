using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AccountGrid.Host.Operations;
using AccountGrid.Host.Storage;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;

namespace AccountGrid.Host.Security;

/// <summary>
/// TLS between silos, both ways: each shows a certificate of the grid's own authority, and whoever has none is cut off before a byte of
/// Orleans' protocol is read. Names are not compared, since silos are called by address and come and go: an authority that issues to
/// nobody but this grid's silos is what lets a process in.
/// </summary>
internal sealed partial class SiloTls
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    private readonly SslStreamCertificateContext _own;
    private readonly X509ChainPolicy _trust;

    private SiloTls(X509Certificate2 own, X509Certificate2 authority)
    {
        _own = SslStreamCertificateContext.Create(own, [authority], offline: true);

        // The authority is in nobody's directory: there is no list of revoked certificates to ask for.
        _trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        _trust.CustomTrustStore.Add(authority);
    }

    /// <summary>Puts TLS under all connections of a silo, if it is configured.</summary>
    /// <exception cref="StartException">A file is missing or no certificate, the key is not the certificate's, or only some of the settings are there.</exception>
    public static void Use(ISiloBuilder silo, GridOptions options)
    {
        string[] files = [options.SiloCertificate, options.SiloCertificateKey, options.SiloAuthority];
        if (files.All(f => f.Length == 0))
        {
            return;
        }

        if (files.Any(f => f.Length == 0))
        {
            throw new StartException("TLS between silos needs all of Grid__SiloCertificate, Grid__SiloCertificateKey and Grid__SiloAuthority: paths of PEM files.");
        }

        var tls = Load(files);
        silo.Configure<SiloConnectionOptions>(o =>
        {
            o.ConfigureSiloInboundConnection(c => c.Use(next => context => tls.AcceptAsync(context, next, LoggerOf(c))));
            o.ConfigureGatewayInboundConnection(c => c.Use(next => context => tls.AcceptAsync(context, next, LoggerOf(c))));
            o.ConfigureSiloOutboundConnection(c => c.Use(next => context => tls.CallAsync(context, next, LoggerOf(c))));
        });
    }

    private static SiloTls Load(string[] files)
    {
        try
        {
            // Through PKCS 12, because a key that was only read from PEM cannot be used by every platform's TLS.
            using var read = X509Certificate2.CreateFromPemFile(files[0], files[1]);
            var own = X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
            var tls = new SiloTls(own, X509CertificateLoader.LoadCertificateFromFile(files[2]));
            return tls.IsTrusted(own) ? tls : throw new StartException($"Grid__SiloCertificate {files[0]} was not issued by Grid__SiloAuthority {files[2]}, or is not valid now.");
        }
        catch (Exception e) when (e is IOException or CryptographicException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StartException($"TLS between silos: {string.Join(", ", files)} cannot be used: {e.Message}");
        }
    }

    private Task AcceptAsync(ConnectionContext context, ConnectionDelegate next, ILogger logger) => RunAsync(context, next, logger, (tls, cancel) => tls.AuthenticateAsServerAsync(
        new SslServerAuthenticationOptions
        {
            ServerCertificateContext = _own,
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            RemoteCertificateValidationCallback = IsTrusted,
        },
        cancel));

    private Task CallAsync(ConnectionContext context, ConnectionDelegate next, ILogger logger) => RunAsync(context, next, logger, (tls, cancel) => tls.AuthenticateAsClientAsync(
        new SslClientAuthenticationOptions
        {
            TargetHost = (context.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "",
            ClientCertificateContext = _own,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            RemoteCertificateValidationCallback = IsTrusted,
        },
        cancel));

    private static async Task RunAsync(ConnectionContext context, ConnectionDelegate next, ILogger logger, Func<SslStream, CancellationToken, Task> authenticate)
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

        var sealedPipe = new DuplexPipe(PipeReader.Create(tls, new StreamPipeReaderOptions(leaveOpen: true)), PipeWriter.Create(tls, new StreamPipeWriterOptions(leaveOpen: true)));
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
        certificate is X509Certificate2 shown ? IsTrusted(shown) : certificate is not null && IsTrusted(X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()));

    private bool IsTrusted(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy = _trust.Clone();
        return chain.Build(certificate);
    }

    private static ILogger LoggerOf(IConnectionBuilder connection) => connection.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger<SiloTls>();

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

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _input.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _output.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => _output.FlushAsync(cancellationToken);

        public override void Flush() => _output.Flush();

        public override int Read(byte[] buffer, int offset, int count) => _input.Read(buffer, offset, count);

        public override void Write(byte[] buffer, int offset, int count) => _output.Write(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
