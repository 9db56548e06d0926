using System.Security.Claims;
using AccountGrid.Contracts;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using Npgsql;

namespace AccountGrid.Host.Security;

/// <summary>
/// Which accounts of an answer a caller may see. That a caller may look at a meter now does not make its past the caller's: a meter's days belong to whoever
/// was responsible then, and days of another's time are left out of the answer.
/// </summary>
internal sealed class CallerScope(NpgsqlDataSource database)
{
    /// <summary>Those of these accounts that lie in the caller's scope; all of them for a role without one.</summary>
    public async Task<HashSet<int>> OwnAsync(ClaimsPrincipal caller, int[] accounts)
    {
        var column = caller.Role() switch { KeyRole.Customer => "a.id", KeyRole.Collector => "c.area", KeyRole.AccountManager => "c.manager", _ => null };
        if (column is null)
        {
            return [.. accounts];
        }

        await using var command = database.CreateCommand(
            "select a.number from account a left join contact c on c.partition = a.partition and c.account = a.number where a.number = any($1) and "
                + (column == "c.area" ? "is_in_area(c.area, $2)" : $"{column} = $2"));
        Statements.Add(command, accounts, caller.Scope() ?? "");
        await using var reader = await command.ExecuteReaderAsync();
        var own = new HashSet<int>();
        while (await reader.ReadAsync())
        {
            own.Add(reader.GetInt32(0));
        }

        return own;
    }
}
