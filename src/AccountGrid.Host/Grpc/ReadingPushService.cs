using AccountGrid.Host.Http;
using AccountGrid.Host.Telemetry;
using Grpc.Core;

namespace AccountGrid.Host.Grpc;

/// <summary>Takes gateways' readings over gRPC, by the way that all readings go.</summary>
internal sealed class ReadingPushService(
    BatchIntake intake, PushStreams streams, GrpcOptions options, ILogger<ReadingPushService> logger) : ReadingService.ReadingServiceBase
{
    public override async Task<BatchResult> Push(ReadingBatch request, ServerCallContext context)
    {
        var http = context.GetHttpContext();
        var gateway = GatewayOf(http);
        try
        {
            var result = await intake.TakeAsync(request, gateway);
            return result.Refused is { } refused ? throw GrpcErrors.Of(RefusalCatalogue.Find(refused.Code), refused.Detail) : result;
        }
        catch (Exception e)
        {
            throw GrpcErrors.Of(http, e, logger);
        }
    }

    public override async Task PushStream(
        IAsyncStreamReader<ReadingBatch> requestStream, IServerStreamWriter<BatchResult> responseStream, ServerCallContext context)
    {
        var http = context.GetHttpContext();
        var gateway = GatewayOf(http);
        if (!streams.Open.TryAdd(http.User.Person(), options.StreamsPerKey))
        {
            throw GrpcErrors.Of(AccessRefusals.KeyTooManyRequests, $"The key has {options.StreamsPerKey} streams open here; close one.", 1);
        }

        GridMetrics.PushStreams(1);
        try
        {
            await streams.RunAsync(requestStream, responseStream, http, gateway);
        }
        catch (Exception e)
        {
            throw GrpcErrors.Of(http, e, logger);
        }
        finally
        {
            GridMetrics.PushStreams(-1);
            streams.Open.Remove(http.User.Person());
        }
    }

    /// <summary>
    /// The gateway that the key stands for. Whoever may push in any gateway's name is a person, whose pushes are kept in the trail with the body that was sent;
    /// this way in keeps none.
    /// </summary>
    private static int GatewayOf(HttpContext http) => http.User.GatewayNumber() is var gateway and not 0
        ? gateway
        : throw GrpcErrors.Of(AccessRefusals.KeyNotAllowed, "Only a gateway's own key pushes over gRPC; an administrator's pushes by POST /v1/readings.");
}
