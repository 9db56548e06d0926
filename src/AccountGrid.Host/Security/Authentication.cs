using System.Globalization;
using System.Security.Claims;
using AccountGrid.Contracts;
using AccountGrid.Host.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;

namespace AccountGrid.Host.Security;

/// <summary>Chooses by what is shown: a key, a customer's token, or an operator's; at the console alone, the session of its cookie.</summary>
internal static class Authentication
{
    private const string Selector = "any";

    /// <summary>
    /// Longest subject of a token and longest address of its provider, characters: OpenID Connect Core 1.0, section 2, allows a subject no more.
    /// </summary>
    private const int SubjectMaxLength = 255;

    /// <summary>How a provider's tokens may be signed.</summary>
    internal static IReadOnlyList<string> Algorithms { get; } =
        [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.EcdsaSha256];

    /// <summary>How far a provider's clock may be away.</summary>
    internal static TimeSpan Skew { get; } = TimeSpan.FromMinutes(1);

    public static void Add(IServiceCollection services, SecurityOptions options)
    {
        var authentication = services.AddAuthentication(Selector)
            .AddPolicyScheme(Selector, null,
                o => o.ForwardDefaultSelector = http => IsOfConsole(http) ? OperatorSessions.SchemeName
                    : IsOperatorToken(http, options) ? JwtBearerDefaults.AuthenticationScheme : ApiKeyHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null)
            .AddScheme<AuthenticationSchemeOptions, OperatorSessionHandler>(OperatorSessions.SchemeName, null);
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
            KeyRole? role = name switch
            {
                "administrator" => KeyRole.Administrator,
                "auditor" => KeyRole.Auditor,
                "collector" => KeyRole.Collector,
                "account-manager" => KeyRole.AccountManager,
                _ => null
            };
            if (role is { } known && token.FindFirstValue(options.SubjectClaim) is { Length: > 0 and <= SubjectMaxLength } subject
                && token.FindFirstValue("iss") is { Length: > 0 and <= SubjectMaxLength } issuer && !subject.Any(char.IsControl))
            {
                var scope = known switch
                {
                    KeyRole.Collector => token.FindFirstValue(options.AreaClaim),
                    KeyRole.AccountManager => token.FindFirstValue(options.ManagerClaim),
                    _ => null
                };
                var ends = long.TryParse(token.FindFirstValue("exp"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                    ? DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime
                    : (DateTime?)null;
                return ApiKeyHandler.Identity(JwtBearerDefaults.AuthenticationScheme, known, token.FindFirstValue("name") ?? subject, $"{subject} at {issuer}",
                    0, scope, ends);
            }
        }

        return null;
    }

    private static bool IsOfConsole(HttpContext http) =>
        http.Features.Get<ConsoleCaller>() is not null || http.Request.Path.StartsWithSegments(OperatorSessionHandler.Path);

    private static bool IsOperatorToken(HttpContext http, SecurityOptions options) =>
        options.Oidc.Authority.Length > 0 && ApiKeyHandler.Shown(http.Request) is { } shown && shown.Split('.').Length == 3
            && CustomerTokens.KeyOf(shown) is null;

    private static void Configure(JwtBearerOptions o, OidcOptions options)
    {
        (o.Authority, o.Audience, o.RequireHttpsMetadata, o.MapInboundClaims) = (options.Authority, options.Audience, options.RequireHttps, false);
        o.TokenValidationParameters.ValidAlgorithms = [.. Algorithms];
        o.TokenValidationParameters.ClockSkew = Skew;
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
