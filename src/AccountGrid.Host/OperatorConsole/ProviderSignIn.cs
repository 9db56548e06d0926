using System.Security.Claims;
using AccountGrid.Host.Http;
using AccountGrid.Host.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>
/// Signing in at the console through a provider of OpenID Connect: authorization code with PKCE. Who somebody is and what they may do is read from the ID
/// token as from a token at the API. What follows is a session as any other; nothing of the provider's tokens is kept.
/// </summary>
internal static class ProviderSignIn
{
    public const string StartPath = $"{OperatorSessionHandler.Path}/sign-in/provider";

    public const string EndPath = $"{OperatorSessionHandler.Path}/sign-out/provider";

    /// <summary>Where the provider sends the browser back to: with the grid's address before it, it is registered there.</summary>
    private const string ReturnPath = $"{OperatorSessionHandler.Path}/signed-in";

    private const string SchemeName = "Provider";

    /// <summary>How long somebody may take at the provider.</summary>
    private static readonly TimeSpan AnswerMax = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan ProviderTimeout = TimeSpan.FromSeconds(10);

    public static bool IsOn(HttpContext http) => http.RequestServices.GetRequiredService<SecurityOptions>().Oidc.IsForBrowsers;

    public static IServiceCollection AddProviderSignIn(this IServiceCollection services, OidcOptions options)
    {
        if (options.IsForBrowsers)
        {
            services.AddAuthentication().AddOpenIdConnect(SchemeName, o => Configure(o, options));
            services.AddOptions<OpenIdConnectOptions>(SchemeName)
                .Configure<GridSecret>((o, secret) => o.DataProtectionProvider = new GridProtection(secret, "console-provider"));
        }

        return services;
    }

    public static void MapProviderSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(StartPath[OperatorSessionHandler.Path.Length..], (Delegate)StartAsync).AllowAnonymous();
        routes.MapGet(EndPath[OperatorSessionHandler.Path.Length..], (Delegate)EndAsync).AllowAnonymous();
    }

    private static void Configure(OpenIdConnectOptions o, OidcOptions options)
    {
        (o.Authority, o.ClientId, o.ClientSecret, o.RequireHttpsMetadata) = (options.Authority, options.ClientId, options.ReadSecret(), options.RequireHttps);
        (o.CallbackPath, o.RemoteSignOutPath, o.SignedOutCallbackPath, o.SignInScheme) = (ReturnPath, default, default, OperatorSessions.SchemeName);

        // The answer comes by a link and not by a form of another site, so that its cookies can stay with this site.
        (o.ResponseType, o.ResponseMode, o.UsePkce) = (OpenIdConnectResponseType.Code, OpenIdConnectResponseMode.Query, true);
        (o.CorrelationCookie.SameSite, o.NonceCookie.SameSite) = (SameSiteMode.Lax, SameSiteMode.Lax);
        (o.CorrelationCookie.SecurePolicy, o.NonceCookie.SecurePolicy) = (CookieSecurePolicy.SameAsRequest, CookieSecurePolicy.SameAsRequest);
        (o.RemoteAuthenticationTimeout, o.BackchannelTimeout) = (AnswerMax, ProviderTimeout);
        (o.MapInboundClaims, o.SaveTokens, o.GetClaimsFromUserInfoEndpoint) = (false, false, false);
        o.TokenValidationParameters.ValidAlgorithms = [.. Authentication.Algorithms];
        o.TokenValidationParameters.ClockSkew = Authentication.Skew;
        o.ClaimActions.Clear();
        o.Scope.Clear();
        foreach (var scope in options.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            o.Scope.Add(scope);
        }

        o.Events = new OpenIdConnectEvents
        {
            OnTokenValidated = c =>
            {
                Identify(c, options);
                return Task.CompletedTask;
            },
            OnTicketReceived = ArriveAsync,
            OnMessageReceived = c =>
            {
                // Each answer with a code makes a request of the provider: whoever sends wrong ones is slowed as whoever guesses keys.
                if (!c.HttpContext.RequestServices.GetRequiredService<RateLimits>().MayGuess(c.HttpContext))
                {
                    c.Fail("Too many wrong answers from this address.");
                }

                return Task.CompletedTask;
            },
            OnRemoteFailure = c =>
            {
                c.HttpContext.RequestServices.GetRequiredService<RateLimits>().CountWrongKey(c.HttpContext);
                return AnswerAsync(c, SignInEndpoints.Refused(
                    c.HttpContext, ReasonOf(c.Failure), StatusCodes.Status403Forbidden,
                    c.Failure is NoRoleException ? $"{options.ClientId}: {options.RoleClaim}" : null));
            },
        };
    }

    /// <summary>Puts the operator in the place of what the provider said; fails where it says no role, or one without whose accounts it is for.</summary>
    private static void Identify(TokenValidatedContext c, OidcOptions options)
    {
        if (c.SecurityToken.Header.ContainsKey("crit"))
        {
            c.Fail("The token's header has 'crit': it asks for what this grid does not understand.");
        }
        else if (Authentication.Operator(c.Principal!, options) is { } identity && new ClaimsPrincipal(identity) is var person
            && (!Ownership.IsScoped(person.Role()!.Value) || !string.IsNullOrWhiteSpace(person.Scope())))
        {
            c.Principal = person;
        }
        else
        {
            c.Fail(new NoRoleException($"The ID token has no subject, none of this grid's roles in its claim '{options.RoleClaim}', or no scope of the role."));
        }
    }

    private static async Task ArriveAsync(TicketReceivedContext c)
    {
        var (http, person, services) = (c.HttpContext, c.Principal!, c.HttpContext.RequestServices);
        var found = await services.GetRequiredService<OperatorStore>().ArriveAsync(person.Person(), person.DisplayName(), person.Role()!.Value, person.Scope());
        if (found is null
            || !await SignInEndpoints.BeginAsync(http, found, services.GetRequiredService<OperatorSessions>(), services.GetRequiredService<AuditTrail>()))
        {
            await AnswerAsync(c, SignInEndpoints.Refused(http, "sign-in.provider.disabled", StatusCodes.Status403Forbidden));
            return;
        }

        await AnswerAsync(c, new SeeOther(ConsoleLinks.Back(c.ReturnUri)));
    }

    private static Task AnswerAsync(HandleRequestContext<RemoteAuthenticationOptions> c, IResult answer)
    {
        c.HandleResponse();
        return answer.ExecuteAsync(c.HttpContext);
    }

    /// <summary>Key of the text that says why nobody was signed in.</summary>
    private static string ReasonOf(Exception? failure) => failure is NoRoleException ? "sign-in.provider.role"
        : failure?.Data["error"] is "access_denied" ? "sign-in.provider.cancelled"
        : "sign-in.provider.failed";

    private static async Task<IResult> StartAsync(HttpContext http)
    {
        if (!IsOn(http))
        {
            return new SeeOther($"{OperatorSessionHandler.Path}/sign-in");
        }

        if (await ConfigurationAsync(http) is null)
        {
            return SignInEndpoints.Refused(http, "sign-in.provider.away", StatusCodes.Status503ServiceUnavailable);
        }

        return TypedResults.Challenge(new() { RedirectUri = ConsoleLinks.Back(http.Request.Query["back"]) }, [SchemeName]);
    }

    /// <summary>Signs out at the provider, where it has an address for that. Here the session has ended before.</summary>
    private static async Task<IResult> EndAsync(HttpContext http)
    {
        var here = $"{OperatorSessionHandler.Path}/sign-in";
        if (!IsOn(http) || (await ConfigurationAsync(http))?.EndSessionEndpoint is not { Length: > 0 } end)
        {
            return new SeeOther(here);
        }

        var client = http.RequestServices.GetRequiredService<SecurityOptions>().Oidc.ClientId;
        return new SeeOther(Microsoft.AspNetCore.WebUtilities.QueryHelpers.AddQueryString(end, new Dictionary<string, string?>
        {
            ["client_id"] = client,
            ["post_logout_redirect_uri"] = $"{http.Request.Scheme}://{http.Request.Host}{here}",
        }));
    }

    /// <summary>The provider's discovery document; null where it cannot be read.</summary>
    private static async Task<OpenIdConnectConfiguration?> ConfigurationAsync(HttpContext http)
    {
        var options = http.RequestServices.GetRequiredService<IOptionsMonitor<OpenIdConnectOptions>>().Get(SchemeName);
        try
        {
            return await options.ConfigurationManager!.GetConfigurationAsync(http.RequestAborted);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private sealed class NoRoleException(string message) : Exception(message);
}
