using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using AccountGrid.Contracts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AccountGrid.Host.Security;

/// <summary>Who may come in besides keys; section <c>Security</c> of the configuration. Secrets come from the environment or files.</summary>
public sealed class SecurityOptions
{
    public OidcOptions Oidc { get; set; } = new();

    /// <summary>Requests a second of one key, on average; 0 is no limit. A gateway's batch is one request.</summary>
    public int RequestsPerSecond { get; set; } = 2_000;

    /// <summary>Requests of one key that may come at once.</summary>
    public int RequestsAtOnce { get; set; } = 4_000;

    /// <summary>Requests a second of an address that shows no valid key: whoever guesses keys, guesses slowly.</summary>
    public int StrangersPerSecond { get; set; } = 20;

    /// <summary>Base64 of 32 bytes that customers' numbers and addresses are sealed with; older keys behind it, separated by spaces, are read only. Empty makes one in the data folder.</summary>
    public string PersonalDataKey { get; set; } = "";

    /// <summary>A file that holds <see cref="PersonalDataKey"/> instead.</summary>
    public string PersonalDataKeyFile { get; set; } = "";
}

/// <summary>Operators by OpenID Connect: any provider with a discovery document.</summary>
public sealed class OidcOptions
{
    /// <summary>Address of the provider; empty is none, and operators have keys.</summary>
    public string Authority { get; set; } = "";

    /// <summary>What a token must be made for.</summary>
    public string Audience { get; set; } = "accountgrid";

    /// <summary>Claim with the roles: <c>administrator</c>, <c>auditor</c>, <c>collector</c> or <c>account-manager</c>. The first that is known counts.</summary>
    public string RoleClaim { get; set; } = "roles";

    /// <summary>Claim with a collector's area.</summary>
    public string AreaClaim { get; set; } = "area";

    /// <summary>Claim with an account manager's name as it stands at their customers.</summary>
    public string ManagerClaim { get; set; } = "preferred_username";

    /// <summary>False allows a provider without TLS: for trying out on one machine.</summary>
    public bool RequireHttps { get; set; } = true;
}

/// <summary>Chooses by what is shown: a key, a customer's token, or an operator's.</summary>
internal static class Authentication
{
    private const string Selector = "any";

    public static void Add(IServiceCollection services, SecurityOptions options)
    {
        var authentication = services.AddAuthentication(Selector)
            .AddPolicyScheme(Selector, null, o => o.ForwardDefaultSelector = http => IsOperatorToken(http, options) ? JwtBearerDefaults.AuthenticationScheme : ApiKeyHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null);
        if (options.Oidc.Authority.Length > 0)
        {
            authentication.AddJwtBearer(o => Configure(o, options.Oidc));
        }
    }

    /// <summary>The first role of a token that this grid knows, and its scope.</summary>
    internal static ClaimsIdentity? Operator(ClaimsPrincipal token, OidcOptions options)
    {
        foreach (var name in token.FindAll(options.RoleClaim).Select(c => c.Value))
        {
            KeyRole? role = name switch { "administrator" => KeyRole.Administrator, "auditor" => KeyRole.Auditor, "collector" => KeyRole.Collector, "account-manager" => KeyRole.AccountManager, _ => null };
            if (role is { } known && token.FindFirstValue("sub") is { Length: > 0 } subject)
            {
                return ApiKeyHandler.Identity(JwtBearerDefaults.AuthenticationScheme, known, token.FindFirstValue("name") ?? subject, subject, 0, known switch
                {
                    KeyRole.Collector => token.FindFirstValue(options.AreaClaim),
                    KeyRole.AccountManager => token.FindFirstValue(options.ManagerClaim),
                    _ => null,
                });
            }
        }

        return null;
    }

    private static bool IsOperatorToken(HttpContext http, SecurityOptions options) =>
        options.Oidc.Authority.Length > 0 && ApiKeyHandler.Shown(http.Request) is { } shown && shown.Split('.').Length == 3 && !CustomerTokens.IsOne(shown);

    private static void Configure(JwtBearerOptions o, OidcOptions options)
    {
        (o.Authority, o.Audience, o.RequireHttpsMetadata, o.MapInboundClaims) = (options.Authority, options.Audience, options.RequireHttps, false);
        o.TokenValidationParameters.ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.EcdsaSha256];
        o.TokenValidationParameters.ClockSkew = TimeSpan.FromMinutes(1);
        o.Events = new JwtBearerEvents
        {
            OnTokenValidated = c =>
            {
                if (Operator(c.Principal!, options) is { } identity)
                {
                    c.Principal = new ClaimsPrincipal(identity);
                }
                else
                {
                    c.Fail($"The token has no subject, or none of this grid's roles in its claim '{options.RoleClaim}'.");
                }

                return Task.CompletedTask;
            },
            OnChallenge = c =>
            {
                c.HandleResponse();
                return Operations.Problems.Of(401, "key.missing_or_unknown", "The token is not valid here.").ExecuteAsync(c.HttpContext);
            },
            OnForbidden = c => Operations.Problems.Of(403, "key.not_allowed", "The token's role may not do this.").ExecuteAsync(c.HttpContext),
        };
    }
}

/// <summary>Reads the key from <c>Authorization: Bearer</c>, <c>X-Api-Key</c>, or a browser's password; or a customer's token that a client's key signed.</summary>
internal sealed class ApiKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeys keys, CustomerTokens tokens, RateLimits limits)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";

    /// <summary>What a remembered key's caller is, while the key is remembered: it is the same at each request, and only read.</summary>
    private static readonly ConditionalWeakTable<ApiKeyRecord, ClaimsPrincipal> Callers = [];

    /// <summary>The key was not even looked up.</summary>
    private bool _isTooMuch;

    public static string? Shown(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        var shown = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : BasicPassword(header) ?? request.Headers["X-Api-Key"].ToString();
        return string.IsNullOrEmpty(shown) ? null : shown;
    }

    public static ClaimsIdentity Identity(string scheme, KeyRole role, string name, string id, int gateway, string? scope)
    {
        var identity = new ClaimsIdentity(scheme);
        identity.AddClaim(new Claim(ClaimTypes.Role, role.ToString()));
        identity.AddClaim(new Claim(ClaimTypes.Name, name));
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, id));
        if (gateway != 0)
        {
            identity.AddClaim(new Claim(Policies.GatewayClaim, gateway.ToString(CultureInfo.InvariantCulture)));
        }

        if (scope is not null)
        {
            identity.AddClaim(new Claim(Policies.ScopeClaim, scope));
        }

        return identity;
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Shown(Request) is not { } shown)
        {
            return AuthenticateResult.NoResult();
        }

        if (!keys.Remembers(CustomerTokens.IsOne(shown) ? CustomerTokens.KeyOf(shown) : shown.Split('_').ElementAtOrDefault(1) ?? "") && !limits.MayGuess(Context))
        {
            _isTooMuch = true;
            return AuthenticateResult.Fail("Too many wrong keys from this address.");
        }

        var caller = CustomerTokens.IsOne(shown) ? await tokens.ReadAsync(shown) is { } identity ? new ClaimsPrincipal(identity) : null
            : await keys.CheckAsync(shown) is { } key ? Callers.GetValue(key.Record, _ => new ClaimsPrincipal(Identity(SchemeName, key.Record.Role, key.Record.Name, key.Id, key.Record.Gateway, key.Record.Scope)))
            : null;
        if (caller is null)
        {
            limits.CountWrongKey(Context);
            return AuthenticateResult.Fail("The key is unknown or revoked.");
        }

        return AuthenticateResult.Success(new AuthenticationTicket(caller, Scheme.Name));
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
        if (_isTooMuch)
        {
            return limits.RefuseAsync(Context);
        }

        var isPage = Request.Path.StartsWithSegments("/docs") || Request.Path.StartsWithSegments("/openapi");
        Response.Headers.WWWAuthenticate = isPage ? "Basic realm=\"accountgrid: any name, the key as password\"" : "Bearer realm=\"accountgrid\"";
        return Operations.Problems.Of(401, "key.missing_or_unknown", "A valid key is needed: Authorization: Bearer agk_...").ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Operations.Problems.Of(403, "key.not_allowed", "The key's role may not do this, or not to this account.").ExecuteAsync(Context);
}

/// <summary>
/// Tokens of customers. A client (the company's web application) signs one for each customer whom it has let in: a JWT with HS256, whose issuer is
/// <c>agk:</c> and the key's public id, whose audience is <c>accountgrid-customer</c>, whose subject is the account, and which ends within an hour. The
/// HMAC key is the SHA-256 of the key's secret part, which both sides have and nobody sends. A client's revoked key takes its tokens with it.
/// </summary>
internal sealed class CustomerTokens(ApiKeys keys, TimeProvider time)
{
    public const string Audience = "accountgrid-customer";
    private const string IssuerPrefix = "agk:";

    /// <summary>Longest life of a token.</summary>
    private static readonly TimeSpan LifeMax = TimeSpan.FromHours(1);

    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    private static readonly JsonWebTokenHandler Handler = new() { MaximumTokenSizeInBytes = 4_096, MapInboundClaims = false };

    public static bool IsOne(string shown) => shown.Split('.').Length == 3 && Handler.CanReadToken(shown) && Handler.ReadJsonWebToken(shown).Issuer.StartsWith(IssuerPrefix, StringComparison.Ordinal);

    /// <summary>Public id of the key that is said to have signed a token.</summary>
    public static string KeyOf(string shown) => Handler.ReadJsonWebToken(shown).Issuer[IssuerPrefix.Length..];

    /// <summary>The customer that a token stands for; null if it is not valid.</summary>
    public async Task<ClaimsIdentity?> ReadAsync(string shown)
    {
        var token = Handler.ReadJsonWebToken(shown);
        var id = token.Issuer[IssuerPrefix.Length..];
        if (await keys.FindAsync(id) is not { Role: KeyRole.Client } client)
        {
            return null;
        }

        var result = await Handler.ValidateTokenAsync(shown, new TokenValidationParameters
        {
            ValidIssuer = IssuerPrefix + id,
            ValidAudience = Audience,
            IssuerSigningKey = new SymmetricSecurityKey(client.SecretHash),
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            LifetimeValidator = (_, expires, _, _) => expires is { } end && end > (time.GetUtcNow() - Skew).UtcDateTime && end <= (time.GetUtcNow() + LifeMax + Skew).UtcDateTime,
        });
        return result.IsValid && token.Subject is { Length: > 0 } account ? ApiKeyHandler.Identity(ApiKeyHandler.SchemeName, KeyRole.Customer, $"customer {account}", id, 0, account) : null;
    }
}
