using AccountGrid.Contracts;
using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Security;

/// <summary>What a scoped caller's own is: the account of a customer, those of a collector's area, those of an account manager.</summary>
internal sealed class Ownership(NpgsqlDataSource database)
{
    public const string OfAccount =
        "select a.id, c.area, c.manager from account a left join contact c on c.partition = a.partition and c.account = a.number where a.id = $1";

    public const string OfCustomer = "select ''::text, c.area, c.manager from customer c where c.id = $1";

    public const string OfMeter = """
        select a.id, c.area, c.manager from meter m join account a on a.number = m.account
        left join contact c on c.partition = a.partition and c.account = a.number where m.id = $1
        """;

    /// <summary>
    /// With the number of the account, which the case's id begins with, and the scope. A case that somebody has by hand is in that person's scope, too.
    /// </summary>
    public const string OfCase = """
        select coalesce(a.id, ''), case when w.owner = r.collector then r.id else coalesce(c.area, w.area) end,
          case when w.owner = $3 then $3 else c.manager end
        from (select 1) one left join account a on a.number = $2 join work_case w on w.partition = coalesce(a.partition, 0) and w.account = $2 and w.id = $1
        left join contact c on c.partition = w.partition and c.account = w.account left join area r on r.id = $3
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
        Statements.Add(command, sql == OfCase ? [id, DerivedId.AccountOf(id), scope] : [id]);
        string? found = null;
        await using (var reader = await command.ExecuteReaderAsync())
        {
            var column = role switch { KeyRole.Customer => 0, KeyRole.Collector => 1, _ => 2 };
            if (await reader.ReadAsync() && !await reader.IsDBNullAsync(column))
            {
                found = reader.GetString(column);
            }
        }

        return found is not null && (found == scope || (role == KeyRole.Collector && await IsInAreaAsync(found, scope)));
    }

    /// <summary>A collector's area includes the areas below it.</summary>
    private async Task<bool> IsInAreaAsync(string area, string scope)
    {
        await using var command = database.CreateCommand("select is_in_area($1, $2)");
        Statements.Add(command, area, scope);
        return (bool)(await command.ExecuteScalarAsync())!;
    }
}
