using System.Text.Json;
using System.Text.RegularExpressions;
using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Host.Database;
using AccountGrid.Streams.Postgres;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace AccountGrid.Host.Http;

/// <summary>Errors as RFC 9457 problem details with a stable code.</summary>
internal static partial class Problems
{
    public static ProblemHttpResult Of(Refusal refusal) => Of(refusal.Code, refusal.Detail);

    /// <summary>No such account, or not for this caller to see.</summary>
    public static ProblemHttpResult UnknownAccount(string id) => Of(AccountRefusals.Unknown, $"There is no account '{id}'.");

    public static ProblemHttpResult Of(RefusalCode code, string detail) => Of(code.Status, code, detail);

    /// <summary>The refusal of an outcome that a grain gave.</summary>
    public static ProblemHttpResult Of(OutcomeView outcome) => Of(RefusalCatalogue.Find(outcome.Code!), outcome.Detail!);

    private static ProblemHttpResult Of(int status, RefusalCode code, string detail) =>
        TypedResults.Problem(new ProblemDetails
        {
            Status = status,
            Title = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status),
            Type = TypeOf(code),
            Detail = detail,
            Extensions = { ["code"] = code.Text },
        });

    private static string TypeOf(string code) => $"urn:accountgrid:problem:{code}";

    /// <summary>Adds the code to problems that the framework itself makes.</summary>
    public static void Customize(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        var code = problem.Status switch
        {
            400 => RequestRefusals.Invalid,
            401 => AccessRefusals.KeyMissingOrUnknown,
            403 => AccessRefusals.KeyNotAllowed,
            404 => RequestRefusals.RouteUnknown,
            405 => RequestRefusals.MethodNotAllowed,
            413 => RequestRefusals.BodyTooLarge,
            415 => RequestRefusals.BodyTypeUnsupported,
            429 => GridRefusals.Busy,
            503 => GridRefusals.Unavailable,
            _ => GridRefusals.Error,
        };
        problem.Extensions.TryAdd("code", code.Text);
        problem.Detail ??= problem.Status switch
        {
            404 => "There is no such path; /openapi/v1.json lists them.",
            405 => $"{context.HttpContext.Request.Method} is not allowed here; allowed: {context.HttpContext.Response.Headers.Allow}.",
            415 => $"Content-Type: '{context.HttpContext.Request.ContentType}' is not what this endpoint takes; application/json is.",
            _ => null,
        };
        problem.Extensions["traceId"] = LogLines.Trace ?? context.HttpContext.TraceIdentifier;
        problem.Type = TypeOf((string)problem.Extensions["code"]!);
    }

    /// <summary>Whether an error is the grid's own, to be logged with all that is known of it: neither a client's mistake nor something that passes.</summary>
    internal static bool IsOfGrid(HttpContext http, Exception error) => StatusOf(http, error) == 500;

    /// <summary>Exceptions that mean "not now" become 429 or 503 with Retry-After; a request that cannot be read becomes 400 or 413.</summary>
    public static async Task Handle(HttpContext http)
    {
        var error = http.Features.Get<IExceptionHandlerFeature>()?.Error;
        var (status, code, retry, detail) = Describe(http, error);
        if (retry > 0)
        {
            http.Response.Headers.RetryAfter = retry.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (status == 503)
        {
            http.RequestServices.GetRequiredService<NotNowLog>().Say(http.Request, error!);
        }

        await Of(status, code, detail).ExecuteAsync(http);
    }

    /// <summary>What an error means to a caller.</summary>
    internal static (int Status, RefusalCode Code, int RetrySeconds, string Detail) Describe(HttpContext http, Exception? error) => error switch
    {
        LogBackpressureException e => (429, GridRefusals.Busy, Math.Max(1, (int)e.RetryAfter.TotalSeconds), e.Message),
        FormatNotInForceException e => (409, GridRefusals.UpgradeUnfinished, 0, e.Message),
        PostgresException { SqlState: ['2', '2', ..] } e => (400, RequestRefusals.Invalid, 0, $"A value cannot be stored or looked up: {e.MessageText}."),
        PostgresException { SqlState: ['4', '2', ..] } =>
            (500, GridRefusals.Error, 0, "A database statement of the grid is wrong. Its log has the cause under the trace id."),
        BadHttpRequestException { StatusCode: 408 } =>
            (408, RequestRefusals.BodyTooSlow, 0, "The body arrived at less than 240 bytes a second; send smaller batches, or pack them with gzip."),
        BadHttpRequestException { StatusCode: 413 } => (413, RequestRefusals.BodyTooLarge, 0, "The body is larger than 8 MiB."),
        _ when error is not null && StatusOf(http, error) == 503 => (503, GridRefusals.Unavailable, 1,
            "The grid cannot answer now, and it is not known whether a change was made. Send the request again with the same Idempotency-Key."),
        BadHttpRequestException e => (e.StatusCode, e.StatusCode == 415 ? RequestRefusals.BodyTypeUnsupported : RequestRefusals.Invalid, 0, Reason(e)),
        _ => (500, GridRefusals.Error, 0, "The grid has failed. Its log has the cause under the trace id."),
    };

    /// <summary>A process that stops takes away what a request needs; another one answers it.</summary>
    internal static int StatusOf(HttpContext http, Exception error) => StatusOf(error) is var status && status == 500
        && error is InvalidOperationException && http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested
        ? 503
        : status;

    /// <summary>Whether an error means "not now": the same is asked again later. HTTP answers it with 429 or 503.</summary>
    internal static bool IsNotNow(Exception error) => StatusOf(error) is 429 or 503;

    private static int StatusOf(Exception error) => error switch
    {
        LogBackpressureException => 429,
        FormatNotInForceException => 409,
        BadHttpRequestException e => e.StatusCode,
        PostgresException { SqlState: ['2', '2', ..] } => 400,
        PostgresException { SqlState: ['4', '2', ..] } => 500,
        Orleans.Serialization.UnavailableExceptionFallbackException or LogUnavailableException or NpgsqlException or OrleansException or FencedException
            or RecordQuarantinedException or CatalogUnavailableException
            or OperationCanceledException => 503,
        _ => PassingFaults.Is(error) ? 503 : 500,
    };

    /// <summary>Where in a body reading stopped.</summary>
    public static string MemberOf(JsonException e) => e.Path is { Length: > 2 } path ? path[2..] : "body";

    /// <summary>What a caller can use of it: the framework names its own types.</summary>
    internal static string Reason(BadHttpRequestException e) => (e.InnerException, BadParameter().Match(e.Message), MissingParameter().Match(e.Message)) switch
    {
        (JsonException json, _, _) => $"{MemberOf(json)}: the body is not what this endpoint takes there.",
        (_, { Success: true } bad, _) => $"{bad.Groups["name"].Value}: '{bad.Groups["value"].Value}' is not {RightFor(bad.Groups["type"].Value)}.",
        (_, _, { Success: true } missing) => $"{missing.Groups["name"].Value}: it is missing.",
        _ => e.Message.ReplaceLineEndings(" "),
    };

    /// <summary>What would be right for a value of a type.</summary>
    internal static string RightFor(string type) => type.TrimEnd('?').Replace("Nullable<", "", StringComparison.Ordinal).TrimEnd('>') switch
    {
        "int" or "long" or "Int32" or "Int64" => "a whole number",
        "bool" or "Boolean" => "true or false",
        "DateOnly" => "a day such as 2026-03-01",
        "DateTimeOffset" => "an instant with its offset from UTC, such as 2026-03-01T00:00:00Z",
        "Guid" => "an id such as 01234567-89ab-cdef-0123-456789abcdef",
        _ => "possible here",
    };

    [GeneratedRegex("""^Failed to bind parameter "(?<type>\S+) (?<name>\w+)" from "(?<value>.*)"\.$""", RegexOptions.Singleline)]
    private static partial Regex BadParameter();

    [GeneratedRegex("""^Required parameter "\S+ (?<name>\w+)" was not provided""")]
    private static partial Regex MissingParameter();
}
