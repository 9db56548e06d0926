using System.Net;
using AccountGrid.Host.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AccountGrid.Host.Grpc;

/// <summary>What readings over gRPC need of the host.</summary>
internal static class GrpcServices
{
    /// <summary>How soon a connection whose other end is gone is found out, while it is used for nothing.</summary>
    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(30);

    /// <summary>Before the API's own services: the first writer of problems that can is asked.</summary>
    public static IServiceCollection AddGrpcReadings(this IServiceCollection services, GrpcOptions options)
    {
        services.AddSingleton<IProblemDetailsWriter, GrpcProblemWriter>();
        services.AddGrpc(o =>
        {
            o.MaxReceiveMessageSize = GrpcLimits.BatchBytesMax;
            o.CompressionProviders.Clear();
            o.CompressionProviders.Add(new BoundedGzip());
            o.IgnoreUnknownServices = true;
        });
        return services.AddSingleton(options).AddSingleton<BatchIntake>().AddSingleton<PushStreams>();
    }

    /// <summary>Of the port without TLS: HTTP/2 alone. Of all: a stream whose sender is gone ends.</summary>
    public static void Listen(KestrelServerOptions kestrel, GrpcOptions options)
    {
        kestrel.Limits.Http2.KeepAlivePingDelay = PingAfter;
        kestrel.ConfigureEndpointDefaults(listen =>
        {
            if (options.Port != 0 && listen.EndPoint is IPEndPoint { Port: var port } && port == options.Port)
            {
                listen.Protocols = HttpProtocols.Http2;
            }
        });
    }

    /// <summary>Middleware: the port of gRPC has nothing else.</summary>
    public static Task GuardPortAsync(HttpContext http, RequestDelegate next)
    {
        var options = http.RequestServices.GetRequiredService<GrpcOptions>();
        return options.Port == 0 || http.Connection.LocalPort != options.Port || GrpcErrors.IsGrpc(http.Request)
            ? next(http)
            : Problems.Of(RequestRefusals.RouteUnknown, "This port takes gRPC alone; the API has another address.").ExecuteAsync(http);
    }

    public static void MapGrpcReadings(this IEndpointRouteBuilder routes) =>
        routes.MapGrpcService<ReadingPushService>()
        .WithMetadata(new AuditedUnlessGateway()).DisableRequestTimeout().RequireAuthorization(Permissions.Push);
}
