using AccountGrid.Contracts;
using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Security;

/// <summary>What a scoped caller's own is: the account of a customer, those of a collector's area, those of an account manager.</summary>
internal sealed class Ownership(NpgsqlDataSource database)
{
    public const string OfAccount = """
        select a.id, c.area, c.manager, is_in_area(c.area, $2) from account a left join contact c on c.partition = a.partition and c.account = a.number
        where a.id = $1
        """;

    public const string OfCustomer = "select ''::text, c.area, c.manager, is_in_area(c.area, $2) from customer c where c.id = $1";

    public const string OfMeter = """
        select a.id, c.area, c.manager, is_in_area(c.area, $2) from meter m join account a on a.number = m.account
        left join contact c on c.partition = a.partition and c.account = a.number where m.id = $1
        """;

    /// <summary>
    /// With the scope and the number of the account, which the case's id begins with. A case that somebody has by hand is in that person's scope, too.
    /// </summary>
    public const string OfCase = """
        select coalesce(a.id, ''), coalesce(c.area, w.area), case when w.owner = $2 then $2 else c.manager end,
          w.owner = r.collector or is_in_area(coalesce(c.area, w.area), $2)
        from (select 1) one left join account a on a.number = $3 join work_case w on w.partition = coalesce(a.partition, 0) and w.account = $3 and w.id = $1
        left join contact c on c.partition = w.partition and c.account = w.account left join area r on r.id = $2
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
        Statements.Add(command, sql == OfCase ? [id, scope, DerivedId.AccountOf(id)] : [id, scope]);
        await using var reader = await command.ExecuteReaderAsync();
        if (!await reader.ReadAsync())
        {
            return false;
        }

        return role switch
        {
            KeyRole.Customer => reader.GetValue(0) as string == scope,
            KeyRole.Collector => reader.GetValue(3) is true,
            _ => reader.GetValue(2) as string == scope,
        };
    }
}
