using AccountGrid.Domain;
using AccountGrid.Host.Ingest;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AccountGrid.Host.Http;

/// <summary>
/// Checks what every endpoint is given before it is read. The body of one that takes an object of JSON, against the type that the endpoint declares; bodies
/// of many lines (readings, registrations) are checked line by line by those who read them. The query, by <see cref="QueryInput"/>.
/// </summary>
internal sealed class RequestInput(RequestDelegate next, IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> options)
{
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    public async Task InvokeAsync(HttpContext http)
    {
        if ((QueryInput.Check(http) ?? WrongCondition(http)) is { } wrong)
        {
            await Problems.Of(wrong).ExecuteAsync(http);
            return;
        }

        if (http.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is not { RequestType: { } type } accepts || type == typeof(string)
            || !accepts.ContentTypes.Contains("application/json"))
        {
            await next(http);
            return;
        }

        if (await RefusalAsync(http, type) is { } refusal)
        {
            await refusal.ExecuteAsync(http);
            return;
        }

        await next(http);
    }

    /// <summary>A condition that nobody looks at would be dropped in silence, and a change be made that was not to be.</summary>
    private static Refusal? WrongCondition(HttpContext http)
    {
        var headers = http.Request.Headers;
        if (HttpMethods.IsGet(http.Request.Method) || http.GetEndpoint() is not RouteEndpoint endpoint
            || endpoint.RoutePattern.RawText?.StartsWith("/v1/", StringComparison.Ordinal) != true)
        {
            return null;
        }

        var isLookedAt = endpoint.Metadata.GetMetadata<LooksAtCondition>() is not null;
        var name = headers.IfUnmodifiedSince.Count > 0 ? "If-Unmodified-Since" : isLookedAt ? null
            : headers.IfMatch.Count > 0 ? "If-Match" : headers.IfNoneMatch.Count > 0 ? "If-None-Match" : null;
        return name is null ? null
            : new(RequestRefusals.ConditionUnsupported, $"{name}: {http.Request.Method} {endpoint.RoutePattern.RawText} does not look at it.");
    }

    private async Task<ProblemHttpResult?> RefusalAsync(HttpContext http, Type type)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var given) || given.MediaType != "application/json")
        {
            return Problems.Of(RequestRefusals.BodyTypeUnsupported, $"Content-Type: '{http.Request.ContentType}' is not application/json.");
        }

        if (given.Charset.HasValue && !given.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            return Problems.Of(RequestRefusals.BodyCharsetUnsupported, $"Content-Type: the charset '{given.Charset}' is not utf-8.");
        }

        var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        if (body.Length > IngestLimits.BytesMax)
        {
            return Problems.Of(RequestRefusals.BodyTooLarge, $"The body is larger than {IngestLimits.BytesMax} bytes.");
        }

        var json = body.GetBuffer().AsMemory(0, (int)body.Length);
        json = json.Span.StartsWith(ByteOrderMark) ? json[ByteOrderMark.Length..] : json;
        if (json.Length == 0)
        {
            return Problems.Of(RequestRefusals.BodyMissing, "The body is missing: send a JSON object, {} at least.");
        }

        body.Position = 0;
        http.Request.Body = body;
        return JsonInput.Check(json, type, options.Value.SerializerOptions) is { } wrong ? Problems.Of(wrong) : null;
    }
}
