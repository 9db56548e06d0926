using System.Globalization;
using AccountGrid.Host.Http;
using Google.Protobuf;
using Grpc.Core;

namespace AccountGrid.Host.Grpc;

/// <summary>The API's problems as statuses of gRPC: the detail is the status' message, the code stands in the trailers.</summary>
internal static partial class GrpcErrors
{
    /// <summary>Trailer with the stable code of docs/error-codes.md.</summary>
    public const string CodeTrailer = "accountgrid-code";

    /// <summary>Trailer with the seconds after which a call is worth trying again.</summary>
    public const string RetryTrailer = "retry-after";

    private const string NotNow =
        "The grid cannot answer now, and it is not known what of the batches without an answer was taken. Send those again; what was taken counts once.";

    /// <summary>Whether a request speaks gRPC. Over HTTP/1.1 nobody can, and is answered as any other request.</summary>
    public static bool IsGrpc(HttpRequest request) =>
        HttpProtocol.IsHttp2(request.Protocol) && request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Middleware around all that may answer with a problem.</summary>
    public static async Task TranslateAsync(HttpContext http, RequestDelegate next)
    {
        await next(http);
        if (http.Features.Get<GrpcProblem>() is not { Details: var problem } || http.Response.HasStarted)
        {
            return;
        }

        var headers = http.Response.Headers;
        headers["grpc-status"] = ((int)StatusOf(http.Response.StatusCode)).ToString(CultureInfo.InvariantCulture);
        headers["grpc-message"] = Uri.EscapeDataString(problem.Detail ?? problem.Title ?? "");
        if (problem.Extensions.TryGetValue("code", out var code))
        {
            headers[CodeTrailer] = code?.ToString();
        }

        (http.Response.StatusCode, http.Response.ContentType, http.Response.ContentLength) = (StatusCodes.Status200OK, "application/grpc", null);
    }

    public static RpcException Of(RefusalCode code, string detail, int retrySeconds = 0, int? status = null)
    {
        var trailers = new Metadata { { CodeTrailer, code.Text } };
        if (retrySeconds > 0)
        {
            trailers.Add(RetryTrailer, retrySeconds.ToString(CultureInfo.InvariantCulture));
        }

        return new RpcException(new Status(StatusOf(status ?? code.Status), detail), trailers);
    }

    /// <summary>What an error of a call means to its caller. What is the grid's own fault, and what passes, is also said in the log.</summary>
    public static RpcException Of(HttpContext http, Exception error, ILogger logger)
    {
        if (error is RpcException known)
        {
            return known;
        }

        if (http.RequestAborted.IsCancellationRequested)
        {
            return new RpcException(new Status(StatusCode.Cancelled, "The caller has gone."));
        }

        if (error is InvalidProtocolBufferException)
        {
            return Of(RequestRefusals.Invalid, $"The message is no ReadingBatch of protocol buffers: {error.Message}");
        }

        var (status, code, retry, detail) = Problems.Describe(http, error);
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            http.RequestServices.GetRequiredService<NotNowLog>().Say(http.Request, error);
            detail = NotNow;
        }
        else if (status == StatusCodes.Status500InternalServerError)
        {
            Failed(logger, error);
        }

        return Of(code, detail, retry, status);
    }

    private static StatusCode StatusOf(int status) => status switch
    {
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 or 405 => StatusCode.Unimplemented,
        409 => StatusCode.FailedPrecondition,
        429 => StatusCode.ResourceExhausted,
        >= 400 and < 500 => StatusCode.InvalidArgument,
        503 => StatusCode.Unavailable,
        _ => StatusCode.Internal,
    };

    [LoggerMessage(3002, LogLevel.Error, "A gRPC call failed.")]
    private static partial void Failed(ILogger logger, Exception cause);
}
