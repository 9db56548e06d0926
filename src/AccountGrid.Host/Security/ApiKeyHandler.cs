using System.Globalization;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using AccountGrid.Contracts;
using AccountGrid.Host.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AccountGrid.Host.Security;

/// <summary>
/// Reads the key from <c>Authorization: Bearer</c>, <c>X-Api-Key</c>, or at the API's page a browser's password; or a customer's token that a client's key
/// signed.
/// </summary>
internal sealed class ApiKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Callers callers,
    RateLimits limits)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";

    /// <summary>The key was not even looked up.</summary>
    private bool _isTooMuch;

    public static string? Shown(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        var shown = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? header["Bearer ".Length..].Trim()
            : (IsPage(request) ? BasicPassword(header) : null) ?? request.Headers["X-Api-Key"].ToString();
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

    /// <summary>
    /// The API's page and description, which a browser looks at: there alone the key may come as a password, which a browser keeps and sends by itself.
    /// </summary>
    private static bool IsPage(HttpRequest request) => request.Path.StartsWithSegments("/docs") || request.Path.StartsWithSegments("/openapi");

    /// <summary>A browser that looks at the API's page sends the key as a password, under any name.</summary>
    private static string? BasicPassword(string header)
    {
        Span<byte> buffer = stackalloc byte[512];
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) || header.Length > 600
            || !Convert.TryFromBase64String(header["Basic ".Length..].Trim(), buffer, out var length))
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
