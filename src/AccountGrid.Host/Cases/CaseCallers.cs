using System.Security.Claims;
using AccountGrid.Contracts;
using AccountGrid.Host.Http;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Cases;

/// <summary>
/// Under which names people have cases. The key of an account manager stands for the manager that it names, that of a collector for whoever is the collector of
/// its area today, and every caller for itself.
/// </summary>
internal sealed class CaseCallers(NpgsqlDataSource database)
{
    public async Task<CaseScope> OfAsync(ClaimsPrincipal user)
    {
        if (user.Role() == KeyRole.AccountManager)
        {
            return new([user.Scope()!, user.Person()], null, user.Scope());
        }

        if (user.Role() != KeyRole.Collector)
        {
            return new([user.Person()], null, null);
        }

        await using var connection = await database.OpenConnectionAsync();
        var scope = user.Scope()!;
        var areas = (await connection.QueryAsync<(string Id, string? Collector)>(
            "select id, collector from area where path @> array[@scope]", new { scope })).ToList();
        var collector = areas.Find(a => a.Id == scope).Collector;
        return new(collector is null ? [user.Person()] : [collector, user.Person()], [scope, .. areas.Select(a => a.Id).Where(a => a != scope)], null);
    }
}
