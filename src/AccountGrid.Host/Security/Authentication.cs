using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using AccountGrid.Contracts;
using AccountGrid.Host.Audit;
using AccountGrid.Host.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace AccountGrid.Host.Security;

/// <summary>Who may come in besides keys; section <c>Security</c> of the configuration. Secrets come from the environment or files.</summary>
public sealed class SecurityOptions
{
    /// <summary>Operators by OpenID Connect.</summary>
    public OidcOptions Oidc { get; set; } = new();

    /// <summary>Requests a second of one key, on average; 0 is no limit. A gateway's batch is one request.</summary>
    [Range(0, 10_000_000)]
    public int RequestsPerSecond { get; set; } = 2_000;

    /// <summary>Requests of one key that may come at once.</summary>
    [Range(1, 10_000_000)]
    public int RequestsAtOnce { get; set; } = 4_000;

    /// <summary>Requests a second of an address that shows no valid key: whoever guesses keys, guesses slowly.</summary>
    [Range(0, 1_000_000)]
    public int StrangersPerSecond { get; set; } = 20;

    /// <summary>
    /// Addresses or networks (such as <c>10.0.0.0/8</c>) of proxies, separated by commas: what they add to <c>X-Forwarded-For</c> is taken for the caller's
    /// address. Empty is none, and the header counts for nothing.
    /// </summary>
    public string TrustedProxies { get; set; } = "";

    /// <summary>Streams of balances that one key, or one operator, may have open on a process; a customer's token may have <see cref="StreamsPerCustomer"/>.</summary>
    [Range(1, 1_000_000)]
    public int StreamsPerKey { get; set; } = 1_000;

    /// <summary>Streams that one customer may have open on a process.</summary>
    [Range(1, 1_000_000)]
    public int StreamsPerCustomer { get; set; } = 10;

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

    /// <summary>Longest subject of a token and longest address of its provider, characters: OpenID Connect Core 1.0, section 2, allows a subject no more.</summary>
    private const int SubjectMaxLength = 255;

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
            if (role is { } known && token.FindFirstValue("sub") is { Length: > 0 and <= SubjectMaxLength } subject && token.FindFirstValue("iss") is { Length: > 0 and <= SubjectMaxLength } issuer && !subject.Any(char.IsControl))
            {
                var scope = known switch { KeyRole.Collector => token.FindFirstValue(options.AreaClaim), KeyRole.AccountManager => token.FindFirstValue(options.ManagerClaim), _ => null };
                var ends = long.TryParse(token.FindFirstValue("exp"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime : (DateTime?)null;
                return ApiKeyHandler.Identity(JwtBearerDefaults.AuthenticationScheme, known, token.FindFirstValue("name") ?? subject, $"{subject} at {issuer}", 0, scope, ends);
            }
        }

        return null;
    }

    private static bool IsOperatorToken(HttpContext http, SecurityOptions options) =>
        options.Oidc.Authority.Length > 0 && ApiKeyHandler.Shown(http.Request) is { } shown && shown.Split('.').Length == 3 && CustomerTokens.KeyOf(shown) is null;

    private static void Configure(JwtBearerOptions o, OidcOptions options)
    {
        (o.Authority, o.Audience, o.RequireHttpsMetadata, o.MapInboundClaims) = (options.Authority, options.Audience, options.RequireHttps, false);
        o.TokenValidationParameters.ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.EcdsaSha256];
        o.TokenValidationParameters.ClockSkew = TimeSpan.FromMinutes(1);
        o.Events = new JwtBearerEvents
        {
            OnTokenValidated = c =>
            {
                if (c.SecurityToken is Microsoft.IdentityModel.JsonWebTokens.JsonWebToken token && CustomerTokens.IsCritical(token))
                {
                    c.Fail("The token's header has 'crit': it asks for what this grid does not understand.");
                }
                else if (Operator(c.Principal!, options) is { } identity)
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
                return Problems.Of(AccessRefusals.KeyMissingOrUnknown, "The token is not valid here.").ExecuteAsync(c.HttpContext);
            },
            OnForbidden = c => Problems.Of(AccessRefusals.KeyNotAllowed, "The token's role may not do this.").ExecuteAsync(c.HttpContext),
        };
    }
}

/// <summary>Reads the key from <c>Authorization: Bearer</c>, <c>X-Api-Key</c>, or at the API's page a browser's password; or a customer's token that a client's key signed.</summary>
internal sealed class ApiKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Callers callers, RateLimits limits)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";

    /// <summary>The key was not even looked up.</summary>
    private bool _isTooMuch;

    public static string? Shown(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        var shown = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : (IsPage(request) ? BasicPassword(header) : null) ?? request.Headers["X-Api-Key"].ToString();
        return string.IsNullOrEmpty(shown) ? null : shown;
    }

    /// <param name="ends">When a token ends, UTC; null for a key.</param>
    public static ClaimsIdentity Identity(string scheme, KeyRole role, string name, string id, int gateway, string? scope, DateTime? ends = null)
    {
        var identity = new ClaimsIdentity(scheme);
        identity.AddClaim(new Claim(ClaimTypes.Role, role.ToString()));
        identity.AddClaim(new Claim(ClaimTypes.Name, name));
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, id));
        if (gateway != 0)
        {
            identity.AddClaim(new Claim(Permissions.GatewayClaim, gateway.ToString(CultureInfo.InvariantCulture)));
        }

        if (scope is not null)
        {
            identity.AddClaim(new Claim(Permissions.ScopeClaim, scope));
        }

        if (ends is { } end)
        {
            identity.AddClaim(new Claim(Permissions.EndsClaim, end.ToString("O", CultureInfo.InvariantCulture)));
        }

        return identity;
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Shown(Request) is not { } shown)
        {
            return AuthenticateResult.NoResult();
        }

        // A neighbour behind the same address who guesses must not shut out whoever has a key: only ids that nobody was given are refused unseen.
        if (!callers.Remembers(shown) && !limits.MayGuess(Context) && !await callers.ExistsAsync(shown))
        {
            _isTooMuch = true;
            return AuthenticateResult.Fail("Too many wrong keys from this address.");
        }

        var caller = await callers.FindAsync(shown);
        if (caller is null)
        {
            limits.CountWrongKey(Context);
            return AuthenticateResult.Fail("The key is unknown or revoked.");
        }

        return AuthenticateResult.Success(new AuthenticationTicket(caller, Scheme.Name));
    }

    /// <summary>The API's page and description, which a browser looks at: there alone the key may come as a password, which a browser keeps and sends by itself.</summary>
    private static bool IsPage(HttpRequest request) => request.Path.StartsWithSegments("/docs") || request.Path.StartsWithSegments("/openapi");

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

        Response.Headers.WWWAuthenticate = IsPage(Request) ? "Basic realm=\"accountgrid: any name, the key as password\"" : "Bearer realm=\"accountgrid\"";
        return Problems.Of(AccessRefusals.KeyMissingOrUnknown, "Send a valid key: Authorization: Bearer agk_...").ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problems.Of(AccessRefusals.KeyNotAllowed, "The key's role may not do this, or not to this account.").ExecuteAsync(Context);
}
