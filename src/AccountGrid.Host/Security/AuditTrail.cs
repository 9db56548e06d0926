using System.Security.Cryptography;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using AccountGrid.Streams.Postgres;
using Npgsql;

namespace AccountGrid.Host.Security;

/// <summary>
/// Who did what: one row for each request that may change something, behind its account's last, chained by hash. The row is committed before the change is
/// begun, whatever becomes of the caller's connection, so that nothing is changed without one; if it cannot be, the answer is "not now" and nothing is done.
/// What was answered is added after it.
/// </summary>
internal sealed class AuditTrail(NpgsqlDataSource database, AuditOutcomes outcomes, TrailHeads heads, GridSecret secret, TimeProvider time) : IEndpointFilter
{
    private const int PathMaxLength = 512;
    private const int NameMaxLength = 128;

    private readonly byte[] _bodyKey = secret.KeyFor("audit-bodies");

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!IsAudited(http))
        {
            return await next(context);
        }

        var account = AccountOf(http);
        var sequence = await AddAsync(
            account, http.User, http.Request.Method, http.Request.Path, await HashOfAsync(http.Request),
            System.Diagnostics.Activity.Current?.Id ?? http.TraceIdentifier);
        var result = await next(context);
        outcomes.Add(account, sequence, ((result as INestedHttpResult)?.Result ?? result) is IStatusCodeHttpResult { StatusCode: { } code } ? code : 200);
        return result;
    }

    /// <summary>Whether a request gets a row: then its body is kept until it is hashed.</summary>
    public static bool IsAudited(HttpContext http)
    {
        var metadata = http.GetEndpoint()?.Metadata;
        return metadata?.GetMetadata<AuditedUnlessGateway>() is not null
            ? http.User.Role() is not Contracts.KeyRole.Gateway
            : !HttpMethods.IsGet(http.Request.Method) && metadata?.GetMetadata<NotAudited>() is null;
    }

    /// <summary>
    /// Commits a row, and returns its number in the account's chain. Not cancelled with the request: it may be begun for a caller who has gone, and the change
    /// with it.
    /// </summary>
    public async Task<long> AddAsync(string account, System.Security.Claims.ClaimsPrincipal caller, string method, string path, byte[] bodyHash, string trace)
    {
        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        var wait = new StandbyWait(connection);
        await using var command = new NpgsqlCommand("select audit_append($1, $2, $3, $4, $5, $6, $7, $8, $9)", connection);
        Statements.Add(
            command, Clean(account, PathMaxLength), Truncated(time.GetUtcNow()), Clean(caller.Person(), PathMaxLength),
            Clean(caller.DisplayName(), NameMaxLength), caller.Role()?.ToString() ?? "", method,
            Clean(path, PathMaxLength), bodyHash, trace);
        var sequence = (long)(await command.ExecuteScalarAsync(CancellationToken.None))!;
        wait.EnsureKept();
        heads.Add(Clean(account, PathMaxLength));
        return sequence;
    }

    /// <summary>The keyed hash of what a caller sent.</summary>
    public byte[] HashOf(byte[] body) => HMACSHA256.HashData(_bodyKey, body);

    private static string AccountOf(HttpContext http) =>
        http.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } pattern } && pattern.StartsWith("/v1/accounts/{id}", StringComparison.Ordinal)
            && http.GetRouteValue("id") is string id && id.Length <= 64 ? id : "";

    private async Task<byte[]> HashOfAsync(HttpRequest request)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _bodyKey);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(request.QueryString.Value + "\n"));
        request.Body.Position = 0;
        var buffer = new byte[16 << 10];
        while (await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
        }

        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }

    /// <summary>As the database keeps it, so that its hash can be worked out again.</summary>
    private static DateTime Truncated(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);

    private static string Clean(string text, int max) => (text.Length > max ? text[..max] : text).Replace("\0", "", StringComparison.Ordinal);
}
