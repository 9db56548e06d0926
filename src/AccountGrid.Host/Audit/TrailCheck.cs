using System.Globalization;
using Npgsql;

namespace AccountGrid.Host.Audit;

/// <summary>Works out every hash of the audit trail again, row by row, and names the rows that were changed or are missing.</summary>
internal static class TrailCheck
{
    private const int NamedMax = 100;

    public static async Task<List<string>> RunAsync(NpgsqlDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await RunAsync(connection, null);
    }

    public static async Task<List<string>> RunAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction)
    {
        // A row's hash must follow from the row before it as it stands; the head says how many there must be, and how the last one ends.
        const string Sql = """
            with chain as (
                select t.*, lag(t.hash) over w as previous, coalesce(lag(t.sequence) over w, 0) as before from audit_trail t window w as (partition by t.account order by t.sequence))
            select account, sequence, before, hash = audit_hash(coalesce(previous, ''::bytea), account, sequence, at, person, name, role, method, path, body_hash, trace) as holds from chain
            where before <> sequence - 1 or hash <> audit_hash(coalesce(previous, ''::bytea), account, sequence, at, person, name, role, method, path, body_hash, trace)
            union all
            select h.account, h.sequence + 1, coalesce(max(t.sequence), 0), true from audit_head h left join audit_trail t on t.account = h.account
            group by h.account, h.sequence, h.hash having coalesce(max(t.sequence), 0) <> h.sequence
            union all
            select t.account, t.sequence, t.sequence - 1, false from audit_trail t join audit_head h on h.account = t.account and h.sequence = t.sequence where h.hash <> t.hash
            union all
            select distinct t.account, 0::bigint, 0::bigint, true from audit_trail t where not exists (select from audit_head h where h.account = t.account)
            order by 1, 2
            """;
        await using var command = new NpgsqlCommand(Sql, connection, transaction) { CommandTimeout = 600 };
        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<string>();
        while (await reader.ReadAsync() && found.Count < NamedMax)
        {
            var (account, sequence, before, holds) = (reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetBoolean(3));
            if (sequence == 0)
            {
                found.Add($"Audit trail of '{account}': its head is missing.");
            }

            for (var missing = before + 1; missing < sequence && found.Count < NamedMax; missing++)
            {
                found.Add(string.Create(CultureInfo.InvariantCulture, $"Audit trail of '{account}': row {missing} is missing."));
            }

            if (!holds && before == sequence - 1)
            {
                found.Add(string.Create(CultureInfo.InvariantCulture, $"Audit trail of '{account}': row {sequence} was changed."));
            }
        }

        return [.. found.Distinct()];
    }
}
