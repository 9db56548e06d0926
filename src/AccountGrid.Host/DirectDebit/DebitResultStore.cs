using Dapper;
using Npgsql;

namespace AccountGrid.Host.DirectDebit;

/// <summary>Files of results, each once by its content, and what each line led to.</summary>
internal sealed class DebitResultStore(NpgsqlDataSource database)
{
    /// <summary>The id of a file that a channel has sent; null where it has not.</summary>
    public async Task<string?> FindAsync(string channel, byte[] hash)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<string>(
            "select id from debit_result_file where channel = @channel and sha256 = @hash", new { channel, hash });
    }

    /// <summary>Writes a file with all its results, or finds it written.</summary>
    public async Task AddAsync(string id, string channel, byte[] hash, DebitReading reading, string by)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var added = await connection.ExecuteAsync(
            "insert into debit_result_file (id, channel, sha256, format, imported_by) values (@id, @channel, @hash, @Format, @by) on conflict do nothing",
            new { id, channel, hash, reading.Format, by }, transaction);
        if (added == 1)
        {
            var r = reading.Results;
            await connection.ExecuteAsync(
                """
                insert into debit_result (file, ordinal, line, item, kind, reason)
                select @id, u.ordinal, u.line, u.item, u.kind, u.reason
                from unnest(@ordinals::int[], @lines::int[], @items::text[], @kinds::text[], @reasons::text[]) u (ordinal, line, item, kind, reason)
                """,
                new
                {
                    id,
                    ordinals = Enumerable.Range(0, r.Count).ToArray(),
                    lines = r.Select(x => x.Line).ToArray(),
                    items = r.Select(x => x.Item).ToArray(),
                    kinds = r.Select(x => x.Kind).ToArray(),
                    reasons = r.Select(x => x.Reason).ToArray(),
                },
                transaction);
        }

        await transaction.CommitAsync();
    }

    /// <summary>Results whose consequences are not carried out, in the order of their file.</summary>
    /// <param name="file">Null is any file that is so old.</param>
    public async Task<List<DebitResultRow>> OpenAsync(string? file, TimeSpan age, int max)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<DebitResultRow>(
            """
            select r.file, r.ordinal, r.item, r.kind, r.reason from debit_result r join debit_result_file f on f.id = r.file
            where r.outcome is null and (r.file = @file or (@file::text is null and f.imported_at < now() - @age)) order by r.file, r.ordinal limit @max
            """,
            new { file, age, max })).AsList();
    }

    /// <summary>Ends a result, together with what it makes of its collection.</summary>
    /// <param name="state">The collection's state from now on; null leaves it.</param>
    public async Task EndAsync(DebitResultRow row, string outcome, string? state)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            with ended as (update debit_result set outcome = @outcome where file = @File and ordinal = @Ordinal and outcome is null returning item)
            update debit_item i set state = @state from ended e where i.id = e.item and @state::text is not null
            """,
            new { row.File, row.Ordinal, outcome, state });
    }

    public async Task<DebitResultAnswer> ShowAsync(string id)
    {
        await using var connection = await database.OpenConnectionAsync();
        var (channel, format) = await connection.QuerySingleAsync<(string, string)>("select channel, format from debit_result_file where id = @id", new { id });
        var outcomes = (await connection.QueryAsync<(string Outcome, int Count)>(
            "select coalesce(outcome, 'open'), count(*)::int from debit_result where file = @id group by 1 order by 1", new { id })).ToDictionary();
        return new(id, channel, format, outcomes.Values.Sum(), outcomes);
    }

    /// <summary>Members of a message: collections with the id of their payment information.</summary>
    public async Task<List<(string Item, string PaymentId, long Nano)>> MembersAsync(string channel, DateOnly day, string messageId)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<(string, string, long)>(
            """
            select i.id, @messageId || '-' || upper(m.scheme) || '-' || i.sequence, i.amount_nano from debit_item i join debit_mandate m on m.id = i.mandate
            where i.channel = @channel and i.collect_day = @day and i.state in ('sent', 'paid', 'rejected', 'returned') order by i.id
            """,
            new { channel, day, messageId })).AsList();
    }
}
