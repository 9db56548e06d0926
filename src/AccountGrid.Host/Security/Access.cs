using System.Security.Claims;
using AccountGrid.Contracts;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using Microsoft.AspNetCore.Authorization;
using Npgsql;

namespace AccountGrid.Host.Security;

/// <summary>What a scoped caller's own is: the account of a customer, those of a collector's area, those of an account manager.</summary>
internal sealed class Ownership(NpgsqlDataSource database)
{
    public const string OfAccount = "select a.id, c.area, c.manager from account a left join contact c on c.partition = a.partition and c.account = a.number where a.id = $1";

    public const string OfMeter = """
        select a.id, c.area, c.manager from meter m join account a on a.number = m.account
        left join contact c on c.partition = a.partition and c.account = a.number where m.id = $1
        """;

    /// <summary>With the number of the account, which the case's id begins with.</summary>
    public const string OfCase = """
        select a.id, c.area, c.manager from account a join work_case w on w.partition = a.partition and w.account = a.number
        left join contact c on c.partition = a.partition and c.account = a.number where w.id = $1 and a.number = $2
        """;

    public static bool IsScoped(KeyRole role) => role is KeyRole.Collector or KeyRole.AccountManager or KeyRole.Customer;

    /// <summary>Whether what an id names is in a scope. What is not there is nobody's.</summary>
    /// <param name="sql">What the id is of: one of the constants.</param>
    public async Task<bool> IsOwnAsync(string sql, string id, KeyRole role, string? scope)
    {
        if (string.IsNullOrEmpty(scope) || id.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        await using var command = database.CreateCommand(sql);
        Statements.Add(command, sql == OfCase ? [id, DerivedId.AccountOf(id)] : [id]);
        await using var reader = await command.ExecuteReaderAsync();
        if (!await reader.ReadAsync())
        {
            return false;
        }

        var column = role switch { KeyRole.Customer => 0, KeyRole.Collector => 1, _ => 2 };
        return !await reader.IsDBNullAsync(column) && reader.GetString(column) == scope;
    }
}

/// <summary>Decides by role, and by whose account, meter or case the route names. What is not there is not anybody's: a scoped caller is refused, and learns nothing.</summary>
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
        var sql = pattern.StartsWith("/v1/accounts/{id}", StringComparison.Ordinal) ? Ownership.OfAccount
            : pattern.StartsWith("/v1/meters/{id}", StringComparison.Ordinal) ? Ownership.OfMeter
            : pattern.StartsWith("/v1/cases/{id}", StringComparison.Ordinal) ? Ownership.OfCase
            : null;
        if (sql is null)
        {
            // Tariffs and packs are nobody's.
            return http.Request.Method == HttpMethods.Get && role != KeyRole.Customer;
        }

        return http.GetRouteValue("id") is string id && await ownership.IsOwnAsync(sql, id, role, scope);
    }
}
