using System.Text.Encodings.Web;
using AccountGrid.Host.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AccountGrid.Host.Security;

/// <summary>Reads the session of the console's cookie. The API never looks at it: a browser sends cookies by itself.</summary>
internal sealed class OperatorSessionHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, OperatorSessions sessions)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>Under this address the console lives, and the cookie with it.</summary>
    public const string Path = "/console";

    /// <summary>A page that is open asks for itself again with this header: that nobody does anything must not keep a session alive.</summary>
    private const string RefreshHeader = "X-Console-Refresh";

    private const int TokenLength = 64;

    /// <summary>
    /// The prefix makes a browser refuse a cookie of this name that does not come by https from this very host, so that no sibling can plant one. It needs the
    /// path of the whole host; the API does not look at cookies.
    /// </summary>
    public static string CookieName(HttpRequest request) => request.IsHttps ? "__Host-accountgrid" : "accountgrid";

    /// <summary>The token of the request's cookie; null where it has none that could be one.</summary>
    public static string? TokenOf(HttpRequest request) =>
        request.Cookies[CookieName(request)] is { Length: TokenLength } token && token.All(char.IsAsciiHexDigitLower) ? token : null;

    public static CookieOptions Cookie(HttpRequest request) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = request.IsHttps, Path = "/", IsEssential = true };

    /// <summary>A request that a page makes of the API is its operator's; any other is whoever's the session is.</summary>
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync() =>
        Context.Features.Get<ConsoleCaller>() is { } caller ? AuthenticateResult.Success(new AuthenticationTicket(caller.Person, Scheme.Name))
        : TokenOf(Request) is not { } token ? AuthenticateResult.NoResult()
        : await sessions.FindAsync(token, isUse: !Request.Headers.ContainsKey(RefreshHeader)) is { } person
            ? AuthenticateResult.Success(new AuthenticationTicket(person, Scheme.Name))
        : AuthenticateResult.Fail("The session is over.");

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problems.Of(AccessRefusals.KeyNotAllowed, "The operator's role may not do this, or not to this account.").ExecuteAsync(Context);

    /// <summary>To the sign-in, and from there back: a form that was sent meanwhile is not sent again by itself.</summary>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (!Request.Path.StartsWithSegments(Path))
        {
            return Problems.Of(AccessRefusals.KeyMissingOrUnknown, "The session is over.").ExecuteAsync(Context);
        }

        var back = HttpMethods.IsGet(Request.Method) ? $"{Request.Path}{Request.QueryString}" : Path;
        Response.StatusCode = StatusCodes.Status303SeeOther;
        Response.Headers.Location = $"{Path}/sign-in?back={Uri.EscapeDataString(back)}";
        return Task.CompletedTask;
    }
}
