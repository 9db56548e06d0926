using Dapper;
using Npgsql;

namespace AccountGrid.Host.DirectDebit;

/// <summary>Mandates: ids that are unique for ever, and what became of them.</summary>
internal sealed class MandateStore(NpgsqlDataSource database)
{
    internal const string Columns =
        "m.id, m.channel, m.scheme, m.partition, m.account, m.account_id, m.signed_on, m.one_off, m.max_nano, m.debtor_name, m.debtor_account, m.debtor_agent, "
            + "m.body_hash, m.state, m.state_reason, m.last_used, "
            + "(select count(*)::int from debit_item u where u.mandate = m.id and u.state in ('sent', 'paid', 'returned')) as uses";

    public async Task<MandateRow?> FindAsync(string id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<MandateRow>($"select {Columns} from debit_mandate m where m.id = @id", new { id });
    }

    /// <summary>Mandates of an account, the latest signature first.</summary>
    public async Task<List<MandateRow>> OfAccountAsync(int partition, int account)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<MandateRow>(
            $"select {Columns} from debit_mandate m where m.partition = @partition and m.account = @account order by m.signed_on desc, m.id",
            new { partition, account })).AsList();
    }

    /// <summary>Writes a mandate, or finds its id taken; the mandate that the id then is, and whether it is new.</summary>
    public async Task<(MandateRow Row, bool Created)> AddAsync(MandateRow row, string by)
    {
        await using var connection = await database.OpenConnectionAsync();
        var added = await connection.ExecuteAsync(
            """
            insert into debit_mandate (id, channel, scheme, partition, account, account_id, signed_on, one_off, max_nano, debtor_name, debtor_account,
              debtor_agent, body_hash, state, created_by)
            values (@Id, @Channel, @Scheme, @Partition, @Account, @Account_Id, @Signed_On, @One_Off, @Max_Nano, @Debtor_Name, @Debtor_Account, @Debtor_Agent,
              @Body_Hash, 'active', @by) on conflict do nothing
            """,
            new
            {
                row.Id,
                row.Channel,
                row.Scheme,
                row.Partition,
                row.Account,
                row.Account_Id,
                row.Signed_On,
                row.One_Off,
                row.Max_Nano,
                row.Debtor_Name,
                row.Debtor_Account,
                row.Debtor_Agent,
                row.Body_Hash,
                by,
            });
        return ((await FindAsync(row.Id))!, added == 1);
    }

    /// <summary>Changes a mandate's state; one that is cancelled stays so.</summary>
    public async Task<bool> ChangeAsync(string id, string state, string reason, string by)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync(
            """
            update debit_mandate set state = @state, state_reason = @reason, changed_by = @by, changed_at = now()
            where id = @id and state <> 'cancelled' and state <> @state
            """,
            new { id, state, reason, by }) == 1;
    }

    /// <summary>Notes the day of a collection.</summary>
    public async Task UsedAsync(string id, DateOnly day)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("update debit_mandate set last_used = greatest(last_used, @day) where id = @id", new { id, day });
    }
}
