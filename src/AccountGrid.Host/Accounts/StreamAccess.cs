using System.Globalization;
using System.Security.Claims;
using AccountGrid.Host.Http;
using AccountGrid.Host.Security;
using Microsoft.AspNetCore.Authorization;

namespace AccountGrid.Host.Accounts;

/// <summary>Whether the caller of a stream may still have it: a key can be revoked, a token ends, an account can go to another area.</summary>
internal sealed class StreamAccess(Callers callers, OperatorSessions sessions, IAuthorizationService authorization, TimeProvider time)
{
    public async Task<bool> IsLeftAsync(HttpContext http)
    {
        var caller = http.User;
        if (DateTime.TryParse(caller.FindFirstValue(Permissions.EndsClaim), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var ends)
            && ends <= time.GetUtcNow().UtcDateTime)
        {
            return false;
        }

        if (caller.Identity?.AuthenticationType == ApiKeyHandler.SchemeName)
        {
            caller = ApiKeyHandler.Shown(http.Request) is { } shown ? await callers.FindAsync(shown) : null;
        }

        if (caller?.Identity?.AuthenticationType == OperatorSessions.SchemeName)
        {
            caller = OperatorSessionHandler.TokenOf(http.Request) is { } token ? await sessions.FindAsync(token, isUse: false) : null;
        }

        return caller is not null && (await authorization.AuthorizeAsync(caller, http, Permissions.Query)).Succeeded;
    }
}
