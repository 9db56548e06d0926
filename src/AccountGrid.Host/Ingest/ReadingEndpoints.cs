using System.Buffers;
using AccountGrid.Host.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AccountGrid.Host.Ingest;

internal static class ReadingEndpoints
{
    public static void MapReadings(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/readings", PushAsync)
            .WithTags("Readings")
            .WithSummary("Pushes a batch of meter readings; the gateway is known by its key.")
            .WithDescription(
                "NDJSON (application/x-ndjson), or JSON with a list 'readings'; gzip is accepted. Up to 10,000 items or 8 MiB. Answered after the commit.")
            .Accepts<string>("application/x-ndjson", "application/json")
            .Produces<BatchAnswer>()
            .Produces<BatchAnswer>(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(413).ProducesProblem(415).ProducesProblem(429).ProducesProblem(503)
            .WithMetadata(new AuditedUnlessGateway())
            .AddOpenApiOperationTransformer(ReadingDescription.Transform)
            .DisableRequestTimeout()
            .RequireAuthorization(Permissions.Push);

    private static async Task<Results<JsonHttpResult<BatchAnswer>, ProblemHttpResult>> PushAsync(HttpContext http, ReadingIntake intake)
    {
        if (Requests.CheckKeyIfGiven(http) is { } wrongKey)
        {
            return Problems.Of(wrongKey);
        }

        var request = http.Request;
        var type = request.ContentType?.Split(';')[0].Trim().ToLowerInvariant();
        if (type is not ("application/x-ndjson" or "application/json"))
        {
            return Problems.Of(RequestRefusals.BodyTypeUnsupported, $"Content-Type: '{type}' is neither application/x-ndjson nor application/json.");
        }

        var (buffer, length, refusal) = await BatchReader.ReadBodyAsync(request.Body, request.Headers.ContentEncoding, http.RequestAborted);
        if (buffer is null)
        {
            return Problems.Of(refusal!);
        }

        try
        {
            var (batch, wrong) = BatchReader.Parse(buffer.AsSpan(0, length), type == "application/x-ndjson", intake.LatestMs);
            if (batch is null)
            {
                return Problems.Of(wrong!);
            }

            return batch.Lines == 0
                ? Problems.Of(RequestRefusals.BatchEmpty, "The batch holds no readings.")
                : await TakeAsync(http, intake, batch);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<JsonHttpResult<BatchAnswer>> TakeAsync(HttpContext http, ReadingIntake intake, WireBatch batch)
    {
        var result = await intake.TakeAsync(batch, http.User.GatewayNumber());
        var id = http.Request.Headers["Idempotency-Key"].FirstOrDefault() is { Length: > 0 } key ? key : Guid.CreateVersion7().ToString("N");
        var answer = new BatchAnswer(id, result.Accepted, result.Duplicates, result.Rejected, ReadingError.Named(result.Errors));
        var status = result.Accepted + result.Duplicates == 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK;
        return TypedResults.Json(answer, ApiJson.Options, statusCode: status);
    }
}
