using Dapper;
using Npgsql;

namespace AccountGrid.Host.Reconciliation;

/// <summary>The table of differences, and what people decided about them.</summary>
internal sealed class ReconciliationItems(NpgsqlDataSource database)
{
    private const string Columns =
        "business_day, key, result, kind, txn, original, own_txn, account, amount_nano, own_amount_nano, at, proposal, line_key, state, is_correction, "
            + "decided_by, reason, outcome";

    /// <summary>Writes the differences of days as they are now: new ones are opened, and open ones that are gone are closed by themselves.</summary>
    /// <param name="signed">Days that are signed off: what is new there is a correction, and nothing else of them changes.</param>
    public async Task SetAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string channel, DateOnly from, DateOnly to, IReadOnlyList<ReconciliationItem> items,
        IReadOnlyCollection<DateOnly> signed)
    {
        await connection.ExecuteAsync(
            """
            insert into reconciliation_item (channel, business_day, key, result, kind, txn, original, own_txn, account, amount_nano, own_amount_nano, at,
              proposal, line_key, is_correction)
            select @channel, * from unnest(@days, @keys, @results, @kinds, @txns, @originals, @owns, @accounts, @amounts, @ownAmounts, @ats, @proposals, @lines,
              @corrections)
            on conflict (channel, business_day, key) do update set result = excluded.result, own_txn = excluded.own_txn, account = excluded.account,
              amount_nano = excluded.amount_nano, own_amount_nano = excluded.own_amount_nano, proposal = excluded.proposal, line_key = excluded.line_key,
              state = 'open'
            where reconciliation_item.state in ('open', 'gone') and (reconciliation_item.is_correction or not excluded.is_correction)
            """,
            new
            {
                channel,
                days = items.Select(i => i.Day).ToArray(),
                keys = items.Select(i => i.Key).ToArray(),
                results = items.Select(i => i.Result).ToArray(),
                kinds = items.Select(i => i.Kind).ToArray(),
                txns = items.Select(i => i.Txn).ToArray(),
                originals = items.Select(i => i.Original).ToArray(),
                owns = items.Select(i => i.OwnTxn).ToArray(),
                accounts = items.Select(i => i.Account).ToArray(),
                amounts = items.Select(i => i.Amount).ToArray(),
                ownAmounts = items.Select(i => i.OwnAmount).ToArray(),
                ats = items.Select(i => i.At?.UtcDateTime).ToArray(),
                proposals = items.Select(i => i.Proposal).ToArray(),
                lines = items.Select(i => i.LineKey).ToArray(),
                corrections = items.Select(i => signed.Contains(i.Day)).ToArray(),
            },
            transaction);
        await connection.ExecuteAsync(
            """
            update reconciliation_item set state = 'gone'
            where channel = @channel and business_day between @from and @to and state = 'open' and not key = any(@keys)
            """,
            new { channel, from, to, keys = items.Select(i => i.Key).ToArray() }, transaction);
    }

    /// <summary>Differences of a day behind a key, in the order of their keys.</summary>
    /// <param name="state">Null is any but those that went away by themselves.</param>
    public async Task<List<ReconciliationItemRow>> ListAsync(string channel, DateOnly day, string? state, string after, int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<ReconciliationItemRow>(
            $"""
            select {Columns} from reconciliation_item
            where channel = @channel and business_day = @day and key > @after and ((@state::text is null and state <> 'gone') or state = @state)
            order by key limit @take
            """,
            new { channel, day, state, after, take });
        return rows.AsList();
    }

    /// <summary>Days of a channel, the latest first, as they were last compared.</summary>
    public async Task<List<ReconciliationDayListItem>> DaysAsync(string channel, string currency, DateOnly from, DateOnly to)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<(DateOnly Day, int Files, int Open, string? By, DateTimeOffset? At)>(
            """
            select d.day::date, (select count(*)::int from channel_settlement f where f.channel = @channel and f.first_day <= d.day and f.last_day >= d.day),
              (select count(*)::int from reconciliation_item i where i.channel = @channel and i.business_day = d.day::date and i.state = 'open'),
              s.signed_by, s.signed_at
            from generate_series(@from::date, @to::date, interval '1 day') d(day)
            left join reconciliation_day s on s.channel = @channel and s.business_day = d.day::date order by d.day desc
            """,
            new { channel, from, to });
        return [.. rows.Select(r => new ReconciliationDayListItem(r.Day, currency, r.Files, r.Open, r.By, r.At))];
    }

    public async Task<ReconciliationItemRow?> FindAsync(string channel, DateOnly day, string key)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<ReconciliationItemRow>(
            $"select {Columns} from reconciliation_item where channel = @channel and business_day = @day and key = @key", new { channel, day, key });
    }

    /// <summary>Writes a decision about an open difference; what the difference is then, whoever decided.</summary>
    public async Task<ReconciliationItemRow?> DecideAsync(string channel, DateOnly day, string key, string state, string by, string reason)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ReconciliationStore.LockAsync(connection, transaction, channel);
        await connection.ExecuteAsync(
            """
            update reconciliation_item set state = @state, decided_by = @by, reason = @reason, decided_at = now(),
              outcome = case when @state = 'rejected' then 'rejected' end
            where channel = @channel and business_day = @day and key = @key and state = 'open'
            """,
            new { channel, day, key, state, by, reason }, transaction);
        await transaction.CommitAsync();
        return await FindAsync(channel, day, key);
    }

    /// <summary>Accepted corrections that were not carried out for so long, the oldest first, with their channels.</summary>
    public async Task<IReadOnlyList<(string Channel, ReconciliationItemRow Item)>> LeftAsync(TimeSpan age, int max)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<string, ReconciliationItemRow, (string, ReconciliationItemRow)>(
            $"""
            select channel, {Columns} from reconciliation_item
            where state = 'accepted' and outcome is null and decided_at <= now() - @age order by decided_at limit @max
            """,
            (channel, item) => (channel, item), new { age, max }, splitOn: "business_day");
        return [.. rows];
    }

    /// <summary>Writes what a correction came to, or opens the difference again where it was refused.</summary>
    /// <param name="outcome">Null: the correction was refused, and the difference is open again.</param>
    public async Task EndAsync(string channel, DateOnly day, string key, string? outcome)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            update reconciliation_item set outcome = @outcome, state = case when @outcome is null then 'open' else state end
            where channel = @channel and business_day = @day and key = @key and state = 'accepted' and outcome is null
            """,
            new { channel, day, key, outcome });
    }
}
