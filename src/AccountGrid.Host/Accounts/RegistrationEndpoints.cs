using System.Buffers;
using AccountGrid.Host.Http;
using AccountGrid.Host.Ingest;

namespace AccountGrid.Host.Accounts;

internal static class RegistrationEndpoints
{
    /// <summary>Lines of one request: its commands are one append, which is folded in well under a second.</summary>
    public const int LinesMax = 5_000;

    public static void MapRegistrations(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/registrations", RegisterAsync)
            .WithTags("Accounts")
            .WithSummary("Registers many accounts and meters at once, each judged alone.")
            .WithDescription(
                "NDJSON: each line an object with 'account', 'meter' or both, as their own endpoints take them. Up to 5,000 lines or 8 MiB; gzip is "
                    + "accepted. Sending it again has no effect.")
            .Accepts<RegistrationLine>("application/x-ndjson")
            .Produces<RegistrationAnswer>()
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(413).ProducesProblem(415).ProducesProblem(429).ProducesProblem(503)
            .DisableRequestTimeout()
            .RequireAuthorization(Permissions.Administer);

    private static async Task<IResult> RegisterAsync(HttpContext http, BulkRegistration registration)
    {
        if (http.Request.ContentType?.Split(';')[0].Trim() is var type && type != "application/x-ndjson")
        {
            return Problems.Of(RequestRefusals.BodyTypeUnsupported, $"Content-Type: '{type}' is not application/x-ndjson.");
        }

        var (buffer, length, refusal) = await BatchReader.ReadBodyAsync(http.Request.Body, http.Request.Headers.ContentEncoding, http.RequestAborted);
        if (buffer is null)
        {
            return Problems.Of(refusal!);
        }

        var errors = new List<LineError>();
        var items = BulkRegistration.Read(buffer.AsSpan(0, length), errors);
        ArrayPool<byte>.Shared.Return(buffer);
        if (items.Count + errors.Count > LinesMax)
        {
            return Problems.Of(RequestRefusals.BatchTooManyItems, $"The request has {items.Count + errors.Count} lines; at most {LinesMax} are allowed.");
        }

        return items.Count + errors.Count == 0
            ? Problems.Of(RequestRefusals.BatchEmpty, "The request has no lines.")
            : TypedResults.Ok(await registration.RegisterAsync(items, errors));
    }
}
