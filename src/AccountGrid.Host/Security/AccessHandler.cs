using AccountGrid.Contracts;
using AccountGrid.Host.Http;
using Microsoft.AspNetCore.Authorization;

namespace AccountGrid.Host.Security;

/// <summary>
/// Decides by role, and by whose account, meter or case the route names. What is not there is not anybody's: a scoped caller is refused, and learns nothing.
/// </summary>
internal sealed class AccessHandler(Ownership ownership) : AuthorizationHandler<AccessRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, AccessRequirement requirement)
    {
        if (context.User.Role() is not { } role || !Permissions.Allows(requirement.Policy, role))
        {
            return;
        }

        if (!Ownership.IsScoped(role) || (context.Resource is HttpContext http && await IsOwnAsync(http, role, context.User.Scope())))
        {
            context.Succeed(requirement);
        }
    }

    private async Task<bool> IsOwnAsync(HttpContext http, KeyRole role, string? scope)
    {
        if (string.IsNullOrEmpty(scope) || http.GetEndpoint() is not RouteEndpoint endpoint)
        {
            return false;
        }

        if (endpoint.Metadata.GetMetadata<ShowsOwnOnly>() is not null)
        {
            return role != KeyRole.Customer;
        }

        var pattern = endpoint.RoutePattern.RawText ?? "";
        var sql = pattern.StartsWith("/v1/accounts/{id}", StringComparison.Ordinal)
            || pattern.StartsWith("/console/accounts/{id}", StringComparison.Ordinal) ? Ownership.OfAccount
            : pattern.StartsWith("/v1/meters/{id}", StringComparison.Ordinal) ? Ownership.OfMeter
            : pattern.StartsWith("/v1/cases/{id}", StringComparison.Ordinal) ? Ownership.OfCase
            : pattern.StartsWith("/v1/customers/{id}", StringComparison.Ordinal) ? Ownership.OfCustomer
            : null;
        if (sql is null)
        {
            // Tariffs and packs are nobody's.
            return http.Request.Method == HttpMethods.Get && role != KeyRole.Customer;
        }

        return http.GetRouteValue("id") is string id && await IsOwnAsync(http.Features.Get<ConsoleCaller>(), sql, id, role, scope);
    }

    /// <summary>A page of the console asks once for each account, however many requests it makes of the API.</summary>
    private Task<bool> IsOwnAsync(ConsoleCaller? page, string sql, string id, KeyRole role, string scope)
    {
        if (page is null)
        {
            return ownership.IsOwnAsync(sql, id, role, scope);
        }

        if (!page.Owned.TryGetValue((sql, id), out var owned))
        {
            page.Owned[(sql, id)] = owned = ownership.IsOwnAsync(sql, id, role, scope);
        }

        return owned;
    }
}
