using System.ComponentModel.DataAnnotations;
using System.Net;
using AccountGrid.Host.Database;

namespace AccountGrid.Host.Grpc;

/// <summary>
/// Readings over gRPC; section <c>Grpc</c> of the configuration, see docs/grpc.md. Addresses of the API with https take gRPC without any of these settings.
/// </summary>
public sealed class GrpcOptions
{
    /// <summary>
    /// Port for gRPC without TLS, which takes HTTP/2 alone: without TLS a client of HTTP/1.1 cannot be told from one of HTTP/2 on one port. 0 opens none.
    /// </summary>
    [Range(0, 65_535)]
    public int Port { get; set; }

    /// <summary>Address on which that port listens. Another than this machine's own belongs behind a proxy that ends TLS.</summary>
    [ShownSetting]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Streams that one key may have open on a process.</summary>
    [Range(1, 1_000)]
    public int StreamsPerKey { get; set; } = 16;

    /// <summary>What is wrong with the settings; null is nothing.</summary>
    internal string? Problem() => IPAddress.TryParse(Address, out _) ? null : $"Grpc__Address: '{Address}' is not an IP address such as 127.0.0.1.";

    /// <summary>The address to listen on; null where there is none.</summary>
    internal string? Url => Port == 0 ? null : $"http://{new IPEndPoint(IPAddress.Parse(Address), Port)}";
}
