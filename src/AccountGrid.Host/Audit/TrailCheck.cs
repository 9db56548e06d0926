using System.Globalization;
using System.Security.Cryptography;
using AccountGrid.Host.Database;
using AccountGrid.Host.Security;
using Npgsql;

namespace AccountGrid.Host.Audit;

/// <summary>Works out every hash of the audit trail again, row by row, and names the rows that were changed or are missing.</summary>
internal static class TrailCheck
{
    private const int NamedMax = 100;

    public static async Task<List<string>> RunAsync(NpgsqlDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await RunAsync(connection, null, null);
    }

    public static async Task<List<string>> RunAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, AuditWitness? witness)
    {
        var found = await ChainsAsync(connection, transaction);
        if (witness is not null)
        {
            found.AddRange(witness.Differences);
            found.AddRange(await HeadsAsync(connection, transaction, witness.Heads));
            found.AddRange(await OutcomesAsync(connection, transaction, witness.Secret));
        }

        return [.. found.Distinct()];
    }

    /// <summary>The rows that were recorded outside the database must be there as they were: a chain's hashes then hold all rows before them, too.</summary>
    private static async Task<List<string>> HeadsAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<TrailHead> heads)
    {
        var last = heads.GroupBy(h => h.Account).Select(g => g.MaxBy(h => h.Sequence)!).ToList();
        const string Sql = """
            select u.account, u.sequence, t.hash is not null from unnest($1, $2, $3) as u(account, sequence, hash)
            left join audit_trail t on t.account = u.account and t.sequence = u.sequence where t.hash is null or encode(t.hash, 'hex') <> u.hash order by 1
            """;
        await using var command = new NpgsqlCommand(Sql, connection, transaction) { CommandTimeout = 600 };
        Statements.Add(command, last.Select(h => h.Account).ToArray(), last.Select(h => h.Sequence).ToArray(), last.Select(h => h.Hash).ToArray());
        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<string>();
        while (await reader.ReadAsync() && found.Count < NamedMax)
        {
            found.Add(
                string.Create(CultureInfo.InvariantCulture,
                    $"Audit trail of '{reader.GetString(0)}': row {reader.GetInt64(1)} "
                        + $"{(reader.GetBoolean(2) ? "is not the one that was" : "is missing; it was")} recorded outside the database."));
        }

        return found;
    }

    /// <summary>What was answered stands under a code of the grid's.</summary>
    private static async Task<List<string>> OutcomesAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, GridSecret secret)
    {
        var key = secret.KeyFor("audit-outcomes");
        await using var command =
            new NpgsqlCommand("select account, sequence, status, code from audit_outcome order by 1, 2", connection, transaction) { CommandTimeout = 600 };
        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<string>();
        while (await reader.ReadAsync() && found.Count < NamedMax)
        {
            var (account, sequence) = (reader.GetString(0), reader.GetInt64(1));
            if (!CryptographicOperations.FixedTimeEquals(AuditOutcomes.CodeOf(key, account, sequence, reader.GetInt32(2)), (byte[])reader[3]))
            {
                found.Add(string.Create(CultureInfo.InvariantCulture, $"Audit trail of '{account}': the answer of row {sequence} was changed."));
            }
        }

        return found;
    }

    private static async Task<List<string>> ChainsAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction)
    {
        // A row's hash must follow from the row before it as it stands; the head says how many there must be, and how the last one ends.
        const string Sql = """
            with chain as (
                select t.*, lag(t.hash) over w as previous, coalesce(lag(t.sequence) over w, 0) as before from audit_trail t window w
                  as (partition by t.account order by t.sequence))
            select account, sequence, before, hash = audit_hash(coalesce(previous, ''::bytea), account, sequence, at, person, name, role, method, path,
              body_hash, trace) as holds from chain
            where before <> sequence - 1 or hash <> audit_hash(coalesce(previous, ''::bytea), account, sequence, at, person, name, role, method, path,
              body_hash, trace)
            union all
            select h.account, h.sequence + 1, coalesce(max(t.sequence), 0), true from audit_head h left join audit_trail t on t.account = h.account
            group by h.account, h.sequence, h.hash having coalesce(max(t.sequence), 0) <> h.sequence
            union all
            select t.account, t.sequence, t.sequence - 1, false from audit_trail t join audit_head h on h.account = t.account and h.sequence = t.sequence
              where h.hash <> t.hash
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

        return found;
    }
}
