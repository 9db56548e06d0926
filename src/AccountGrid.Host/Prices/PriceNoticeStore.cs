using AccountGrid.Host.Partitions;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Prices;

/// <summary>Tables of notices of prices: how far each version's list was gone through, and who was told.</summary>
internal sealed class PriceNoticeStore(NpgsqlDataSource database)
{
    /// <summary>Begins to tell of versions that are announced. What happens to accounts from now on is looked at event by event.</summary>
    public async Task BeginAsync(int[] tariffs)
    {
        await using var connection = await database.OpenConnectionAsync();
        if (tariffs.Length == 0)
        {
            // Nobody needs to be told of anything: the next version begins with a list of its own.
            await connection.ExecuteAsync("delete from price_notice_cursor where partition = any(select partition from partition)");
            return;
        }

        await connection.ExecuteAsync(
            """
            insert into price_notice_cursor (partition, position, sequence) select p.partition, p.effects_position - 1, 2147483647 from partition p
            on conflict (partition) do nothing
            """);
        await connection.ExecuteAsync("insert into price_announcement (tariff) select unnest(@tariffs) on conflict do nothing", new { tariffs });
    }

    /// <summary>The version whose list is to be gone through next, and behind which account; none where all are done.</summary>
    public async Task<List<(int Tariff, int After)>> NextListAsync(int[] tariffs)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<(int, int)>(
            """
            select tariff, after_account from price_announcement where tariff = any(@tariffs) and not is_listed
            order by array_position(@tariffs, tariff) limit 1
            """,
            new { tariffs })).AsList();
    }

    /// <summary>Messages of prices that wait for their channels, at most so many.</summary>
    public async Task<int> QueuedAsync(int most)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>(
            """
            select count(*)::int from (
              select from outbox where partition = any(select partition from partition) and state = 'queued' and is_bulk limit @most) q
            """,
            new { most });
    }

    public async Task<List<AccountAddress>> AccountsAsync(int after, int most)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<AccountAddress>(
            "select number, partition, id from account where number > @after order by number limit @most", new { after, most })).AsList();
    }

    /// <summary>Writes what came of a page, and where the list goes on: unless somebody else has moved it.</summary>
    public async Task SavePageAsync(int tariff, IReadOnlyList<PriceNoticeRow> rows, int from, int after, bool isListed)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await SaveAsync(connection, transaction, tariff, rows);
        await connection.ExecuteAsync(
            "update price_announcement set after_account = @after, is_listed = @isListed where tariff = @tariff and after_account = @from",
            new { tariff, from, after, isListed }, transaction);
        await transaction.CommitAsync();
    }

    public async Task SaveAsync(int tariff, IReadOnlyList<PriceNoticeRow> rows)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await SaveAsync(connection, transaction, tariff, rows);
        await transaction.CommitAsync();
    }

    /// <summary>Accounts that were opened, or changed their tariff, behind the cursors, and the last event of each partition that was looked at.</summary>
    public async Task<(List<AccountAddress> Accounts, List<(int Partition, long Position, int Sequence)> Last)> JoinedAsync(int mostOfPartition)
    {
        await using var connection = await database.OpenConnectionAsync();
        var found = (await connection.QueryAsync<(int Partition, long Position, int Sequence, int Number, string Id)>(
            """
            select e.partition, e.position, e.sequence, a.number, a.id from price_notice_cursor c cross join lateral (
              select x.partition, x.position, x.sequence, x.account from account_event x where x.partition = c.partition
                and (x.position, x.sequence) > (c.position, c.sequence) and x.event->>'type' in ('account-opened', 'tariff-changed')
              order by x.position, x.sequence limit @mostOfPartition) e
            join account a on a.number = e.account order by e.partition, e.position, e.sequence
            """,
            new { mostOfPartition })).AsList();
        return (
            [.. found.Select(f => new AccountAddress(f.Number, f.Partition, f.Id)).Distinct()],
            [.. found.GroupBy(f => f.Partition).Select(g => g.Last()).Select(l => (l.Partition, l.Position, l.Sequence))]);
    }

    public async Task MoveCursorsAsync(IReadOnlyList<(int Partition, long Position, int Sequence)> last)
    {
        await using var connection = await database.OpenConnectionAsync();
        foreach (var (partition, position, sequence) in last)
        {
            await connection.ExecuteAsync(
                "update price_notice_cursor set position = @position, sequence = @sequence where partition = @partition",
                new { partition, position, sequence });
        }
    }

    /// <summary>
    /// A withdrawal is seen for the first time: lists of the product's other versions begin anew, since who had agreed on the one that was withdrawn is on the
    /// product now.
    /// </summary>
    public async Task SeeWithdrawalAsync(int tariff, int[] others)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            with seen as (update price_announcement set is_withdrawal_seen = true where tariff = @tariff and not is_withdrawal_seen returning tariff)
            update price_announcement set after_account = 0, is_listed = false where tariff = any(@others) and exists (select from seen)
            """,
            new { tariff, others });
    }

    /// <summary>Versions of which some customers were told and that wait for the word on a withdrawal.</summary>
    public async Task<List<int>> GivenAsync(int[] tariffs)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<int>(
            """
            select t from unnest(@tariffs) t where exists (
              select from partition p join price_notice n on n.partition = p.partition and n.tariff = t and n.state = 'given')
            """,
            new { tariffs })).AsList();
    }

    public async Task<List<int>> PartitionsAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<int>("select partition from partition order by partition")).AsList();
    }

    /// <summary>
    /// Who was told of a version, and what has become of the message; null where it is not written yet. One that was tried may have left, whatever its state
    /// says.
    /// </summary>
    public async Task<List<(AccountAddress Account, string? Message, bool MayHaveLeft)>> ToldAsync(int partition, int tariff, int after, int most)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<(int Number, string Id, string? State, bool MayHaveLeft)>(
            """
            select n.account, a.id, o.state, coalesce(o.attempts > 0 or o.handed <> '[]', false) from price_notice n join account a on a.number = n.account
            left join outbox o on o.partition = n.partition and o.id = n.account || ':price-change:' || n.tariff
            where n.partition = @partition and n.tariff = @tariff and n.state = 'given' and n.account > @after order by n.account limit @most
            """,
            new { partition, tariff, after, most }))
            .Select(r => (new AccountAddress(r.Number, partition, r.Id), r.State, r.MayHaveLeft)).ToList();
    }

    /// <summary>Which of some records cannot be folded and wait for a person.</summary>
    public async Task<HashSet<long>> QuarantinedAsync(int partition, long[] positions)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<long>(
            "select position from quarantined_record where partition = @partition and position = any(@positions)", new { partition, positions })];
    }

    public async Task<PriceNoticeCounts?> CountAsync(int tariff)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<PriceNoticeCounts>(
            """
            select l.after_account as "AfterAccount", l.is_listed as "IsListed", count(*) filter (where n.state <> 'refused') as "Given",
              count(*) filter (where n.is_late and n.state <> 'refused') as "Late",
              count(*) filter (where n.is_without_past and n.state <> 'refused') as "WithoutPast",
              count(*) filter (where n.state = 'refused') as "Refused", count(*) filter (where n.state = 'withdrawn') as "Withdrawn",
              count(*) filter (where n.state = 'not-left') as "NotLeft"
            from price_announcement l left join price_notice n on n.partition = any(select partition from partition) and n.tariff = l.tariff
            where l.tariff = @tariff group by l.tariff
            """,
            new { tariff });
    }

    /// <summary>An account that had left the product, and comes back, is told then.</summary>
    private static Task SaveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, int tariff, IReadOnlyList<PriceNoticeRow> rows) =>
        connection.ExecuteAsync(
            """
            insert into price_notice (partition, tariff, account, state, is_late, is_without_past)
            select r.partition, @tariff, r.account, r.state, r.is_late, r.is_without_past
            from unnest(@partitions, @accounts, @states, @late, @without) as r(partition, account, state, is_late, is_without_past)
            on conflict (partition, tariff, account) do update
              set state = excluded.state, is_late = price_notice.is_late or excluded.is_late,
                is_without_past = price_notice.is_without_past or excluded.is_without_past
              where price_notice.state = 'refused' or (price_notice.state = 'given' and excluded.state in ('withdrawn', 'not-left'))
            """,
            new
            {
                tariff,
                partitions = rows.Select(r => r.Partition).ToArray(),
                accounts = rows.Select(r => r.Account).ToArray(),
                states = rows.Select(r => r.State).ToArray(),
                late = rows.Select(r => r.IsLate).ToArray(),
                without = rows.Select(r => r.IsWithoutPast).ToArray(),
            },
            transaction);
}
