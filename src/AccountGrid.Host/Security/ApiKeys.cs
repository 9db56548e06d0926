using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using AccountGrid.Contracts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace AccountGrid.Host.Security;

/// <summary>Names of the authorization policies: what a key's role may do.</summary>
internal static class Policies
{
    public const string Push = "push";
    public const string Query = "query";
    public const string Administer = "administer";

    public const string AnyKey = "any-key";

    public static void Add(Microsoft.AspNetCore.Authorization.AuthorizationOptions options)
    {
        options.AddPolicy(Push, p => p.RequireRole(nameof(KeyRole.Gateway), nameof(KeyRole.Administrator)));
        options.AddPolicy(Query, p => p.RequireRole(nameof(KeyRole.Client), nameof(KeyRole.Administrator)));
        options.AddPolicy(AnyKey, p => p.RequireAuthenticatedUser());
        options.AddPolicy(Administer, p => p.RequireRole(nameof(KeyRole.Administrator)));
        options.FallbackPolicy = options.GetPolicy(Administer);
    }

    /// <summary>Number of the gateway that the caller's key stands for; 0 for an administrator.</summary>
    public static int GatewayNumber(this ClaimsPrincipal user) => int.TryParse(user.FindFirstValue(GatewayClaim), out var number) ? number : 0;

    /// <summary>Who a decision is recorded under: the key's name and public id. Two people have two keys.</summary>
    public static string Person(this ClaimsPrincipal user) => $"{user.FindFirstValue(ClaimTypes.Name)} ({user.FindFirstValue(ClaimTypes.NameIdentifier)})";

    public const string GatewayClaim = "gateway";
}

/// <summary>API keys, kept as low-rate grains with ADO.NET storage.</summary>
internal sealed class ApiKeyGrain([PersistentState("key", "grid")] IPersistentState<StoredApiKey> state) : Grain, IApiKeyGrain
{
    public async Task<bool> Create(ApiKeyRecord record)
    {
        if (state.State.Record is not null)
        {
            return false;
        }

        state.State.Record = record;
        await state.WriteStateAsync();
        return true;
    }

    public Task<ApiKeyRecord?> Find() => Task.FromResult(state.State.Record);

    public async Task Revoke()
    {
        if (state.State.Record is { } record)
        {
            state.State.Record = record with { Revoked = true };
            await state.WriteStateAsync();
        }
    }
}

[GenerateSerializer]
[Alias("AccountGrid.StoredApiKey.v1")]
internal sealed class StoredApiKey
{
    [Id(0)] public ApiKeyRecord? Record { get; set; }
}

/// <summary>
/// Makes and checks keys: <c>agk_{id}_{secret}</c> with a public id and 256 random bits, of which only the SHA-256 is stored. The prefix lets scanners
/// find a leaked key. What was checked is remembered for <see cref="Remembered"/>, which is how late a revocation may act.
/// </summary>
internal sealed class ApiKeys(IGrainFactory grains, IMemoryCache cache, TimeProvider time)
{
    public static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);

    private const string Prefix = "agk_";

    public async Task<string> CreateAsync(KeyRole role, string name, int gateway)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var record = new ApiKeyRecord(role, name, Hash(secret), gateway, time.GetUtcNow().ToUnixTimeMilliseconds(), Revoked: false);
        return await grains.GetGrain<IApiKeyGrain>(id).Create(record) ? $"{Prefix}{id}_{secret}" : throw new OrleansException("A key id came up twice; ask again.");
    }

    /// <summary>The key's record if it exists, is not revoked and its secret is right.</summary>
    public async Task<ApiKeyRecord?> CheckAsync(string key)
    {
        var parts = key.Split('_');
        if (!key.StartsWith(Prefix, StringComparison.Ordinal) || parts.Length != 3 || parts[1].Length != 16 || parts[2].Length != 64 || !parts[1].All(char.IsAsciiHexDigitLower))
        {
            return null;
        }

        var record = await cache.GetOrCreateAsync($"key:{parts[1]}", async entry =>
        {
            entry.AbsoluteExpirationRelativeToNow = Remembered;
            return await grains.GetGrain<IApiKeyGrain>(parts[1]).Find();
        });
        return record is { Revoked: false } && CryptographicOperations.FixedTimeEquals(record.SecretHash, Hash(parts[2])) ? record : null;
    }

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.ASCII.GetBytes(secret));
}

/// <summary>Reads the key from <c>Authorization: Bearer</c>, <c>X-Api-Key</c>, or a browser's password.</summary>
internal sealed class ApiKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        var key = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : BasicPassword(header) ?? Request.Headers["X-Api-Key"].ToString();
        if (string.IsNullOrEmpty(key))
        {
            return AuthenticateResult.NoResult();
        }

        if (await keys.CheckAsync(key) is not { } record)
        {
            return AuthenticateResult.Fail("The key is unknown or revoked.");
        }

        var identity = new ClaimsIdentity(Scheme.Name);
        identity.AddClaim(new Claim(ClaimTypes.Role, record.Role.ToString()));
        identity.AddClaim(new Claim(ClaimTypes.Name, record.Name));
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, key.Split('_')[1]));
        if (record.Gateway != 0)
        {
            identity.AddClaim(new Claim(Policies.GatewayClaim, record.Gateway.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }

        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    /// <summary>A browser that looks at the API's page sends the key as a password, under any name.</summary>
    private static string? BasicPassword(string header)
    {
        Span<byte> buffer = stackalloc byte[512];
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) || header.Length > 600 || !Convert.TryFromBase64String(header["Basic ".Length..].Trim(), buffer, out var length))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(buffer[..length]);
        return text.Contains(':', StringComparison.Ordinal) ? text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..] : null;
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var isPage = Request.Path.StartsWithSegments("/docs") || Request.Path.StartsWithSegments("/openapi");
        Response.Headers.WWWAuthenticate = isPage ? "Basic realm=\"accountgrid: any name, the key as password\"" : "Bearer realm=\"accountgrid\"";
        return Operations.Problems.Of(401, "key.missing_or_unknown", "A valid key is needed: Authorization: Bearer agk_...").ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Operations.Problems.Of(403, "key.not_allowed", "The key's role may not do this.").ExecuteAsync(Context);
}
