using System.Security.Cryptography;
using AccountGrid.Host.Operations;
using AccountGrid.Host.Partitions;
using Npgsql;

namespace AccountGrid.Host.Security;

/// <summary>Not kept in the trail: it changes nothing, or is a gateway's data, which has its own log.</summary>
internal sealed class NotAudited;

/// <param name="BodyHash">SHA-256 of the request's body, hex: the body itself may hold what must be erasable.</param>
public sealed record AuditedAnswer(long Sequence, DateTimeOffset At, string Person, string Role, string Method, string Path, string BodyHash, int Status, string Trace, string Hash);

/// <summary>
/// Who did what: one row for each request that may change something, behind its account's last, chained by hash. The row is written before the request is
/// answered; if it cannot be, the answer is "not now", and the caller's repetition under the same key is the one that is recorded.
/// </summary>
internal sealed class AuditTrail(NpgsqlDataSource database, TimeProvider time) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (HttpMethods.IsGet(http.Request.Method) || http.GetEndpoint()?.Metadata.GetMetadata<NotAudited>() is not null)
        {
            return await next(context);
        }

        var result = await next(context);
        var status = ((result as INestedHttpResult)?.Result ?? result) is IStatusCodeHttpResult { StatusCode: { } code } ? code : 200;
        await AddAsync(http, AccountOf(http), status);
        return result;
    }

    private static string AccountOf(HttpContext http) =>
        http.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } pattern } && pattern.StartsWith("/v1/accounts/{id}", StringComparison.Ordinal) && http.GetRouteValue("id") is string id && id.Length <= 64 ? id : "";

    private async Task AddAsync(HttpContext http, string account, int status)
    {
        http.Request.Body.Position = 0;
        var hash = await SHA256.HashDataAsync(http.Request.Body, http.RequestAborted);
        await using var command = database.CreateCommand("select audit_append($1, $2, $3, $4, $5, $6, $7, $8, $9)");
        PartitionStore.Add(
            command, Clean(account), Truncated(time.GetUtcNow()), Clean(http.User.Person()), http.User.Role()?.ToString() ?? "", http.Request.Method, Clean(http.Request.Path + http.Request.QueryString.ToString()), hash, status,
            System.Diagnostics.Activity.Current?.Id ?? http.TraceIdentifier);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>As the database keeps it, so that its hash can be worked out again.</summary>
    private static DateTime Truncated(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);

    private static string Clean(string text)
    {
        var short512 = text.Length > 512 ? text[..512] : text;
        return short512.Replace("\0", "", StringComparison.Ordinal);
    }
}

internal static class AuditEndpoints
{
    public static void MapAuditTrail(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/accounts/{id}/audit", OfAccountAsync).WithTags("Operations").RequireAuthorization(Policies.Inspect).WithSummary("Who did what to the account, newest first.").Produces<IReadOnlyList<AuditedAnswer>>();
        routes.MapGet("/v1/audit", OfGridAsync).WithTags("Operations").RequireAuthorization(Policies.Inspect).WithSummary("Who did what to the grid itself, newest first.").Produces<IReadOnlyList<AuditedAnswer>>();
    }

    private static Task<IResult> OfAccountAsync(string id, int? limit, NpgsqlDataSource database) => ListAsync(id, limit, database);

    private static Task<IResult> OfGridAsync(int? limit, NpgsqlDataSource database) => ListAsync("", limit, database);

    private static async Task<IResult> ListAsync(string account, int? limit, NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("select sequence, at, person, role, method, path, body_hash, status, trace, hash from audit_trail where account = $1 order by sequence desc limit $2");
        PartitionStore.Add(command, account, Requests.Limit(limit));
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<AuditedAnswer>();
        while (await reader.ReadAsync())
        {
            rows.Add(new AuditedAnswer(
                reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5), Convert.ToHexStringLower((byte[])reader[6]), reader.GetInt32(7),
                reader.GetString(8), Convert.ToHexStringLower((byte[])reader[9])));
        }

        return TypedResults.Ok<IReadOnlyList<AuditedAnswer>>(rows);
    }
}
