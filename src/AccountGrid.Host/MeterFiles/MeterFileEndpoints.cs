using System.Security.Claims;
using System.Security.Cryptography;
using AccountGrid.Host.Http;
using AccountGrid.Host.Ingest;

namespace AccountGrid.Host.MeterFiles;

/// <summary>Meter data in files: sent by a gateway for its own meters, or by an administrator for any.</summary>
internal static class MeterFileEndpoints
{
    private const string Description =
        "The body is the file, up to 8 MiB, plain or packed with gzip: docs/meter-files.md has the formats. It is kept before the answer, and read by a job "
            + "behind the files that were sent before it. The same file again has the same job while that waits or runs; later it is read again, which has no "
            + "effect where the grid has its values.";

    public static void MapMeterFiles(this IEndpointRouteBuilder routes)
    {
        var files = routes.MapGroup("/v1/files").WithTags("Readings").RequireAuthorization(Permissions.Push).ProducesProblem(401).ProducesProblem(403);
        files.MapPost("/", SendAsync).WithSummary("Sends a file with meter data.").WithDescription(Description).WithMetadata(new AuditedUnlessGateway())
            .Produces<MeterFileAnswer>(202).Produces<MeterFileAnswer>().ProducesProblem(413).ProducesProblem(422).ProducesProblem(429).DisableRequestTimeout();
        files.MapGet("/{id}", FindAsync).WithSummary("What came of a file, with each row that was refused.").Produces<MeterFileAnswer>().ProducesProblem(404);
    }

    private static async Task<IResult> SendAsync(
        HttpContext http, ClaimsPrincipal user, MeterFileStore store, MeterFileOptions options, string? format, string? mapping, string? name)
    {
        if (Requests.CheckText("name", name) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        if (format is not null && !MeterFileFormats.Names.Contains(format))
        {
            return Problems.Of(FileRefusals.FormatUnknown, $"format: '{format}' is not one of {string.Join(", ", MeterFileFormats.Names)}.");
        }

        if (mapping is not null && options.Find(mapping) is null)
        {
            return Problems.Of(FileRefusals.MappingUnknown, $"mapping: '{mapping}' is not one of the configured: {string.Join(", ", options.Names)}.");
        }

        // Packed or not, the file is kept as it came.
        var (buffer, length, unread) = await BatchReader.ReadBodyAsync(http.Request.Body, null, http.RequestAborted);
        if (buffer is null)
        {
            return Problems.Of(unread!);
        }

        var content = buffer.AsSpan(0, length).ToArray();
        System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        if (length == 0)
        {
            return Problems.Of(RequestRefusals.BatchEmpty, "The body is empty.");
        }

        var file = new NewMeterFile(content, SHA256.HashData(content), user.GatewayNumber(), user.Person(), name, format, mapping);
        if (await store.AddAsync(file, http.RequestAborted) is not { } added)
        {
            http.Response.Headers.RetryAfter = "60";
            return Problems.Of(GridRefusals.Busy, $"{MeterFileStore.WaitingMax} files wait; send this one again later.");
        }

        return added.IsNew ? TypedResults.Accepted($"/v1/files/{added.Answer.Id}", added.Answer) : TypedResults.Ok(added.Answer);
    }

    private static async Task<IResult> FindAsync(string id, ClaimsPrincipal user, MeterFileStore store) =>
        await store.FindAsync(id, user.GatewayNumber()) is { } answer ? TypedResults.Ok(answer)
            : Problems.Of(FileRefusals.Unknown, $"id: there is no file '{id}'.");
}
