using System.Text.Json;
using AccountGrid.Host.Http;
using AccountGrid.Host.Payments;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.DirectDebit;

/// <summary>Collections and runs. An id that is taken is that collection for ever; each state follows from one before it only.</summary>
internal sealed class DebitStore(NpgsqlDataSource database)
{
    private const string Columns =
        "id, channel, mandate, partition, account, account_id, due_day, collect_day, presentation, announced_nano, amount_nano, attempt, sequence, state, why, "
            + "reason, returned_at";

    /// <summary>
    /// Due days by a day that were not collected, or once for want of funds, of accounts with an active mandate of the channel. What was due before the
    /// signature is not collected under it. Of two mandates the later signature counts.
    /// </summary>
    public async Task<List<DebitCandidate>> CandidatesAsync(string channel, DateOnly day, int presentationsMax)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<DebitCandidate>(
            """
            select distinct on (m.account, b.due_day) m.id as mandate, m.partition, m.account, m.account_id, b.due_day, coalesce(i.presentation, 0)::int
              as presentations, m.max_nano, m.last_used, m.signed_on
            from debit_mandate m join bill b on b.partition = m.partition and b.account = m.account
            left join lateral (
              select presentation, state, reason from debit_item where account = m.account and due_day = b.due_day order by presentation desc limit 1) i on true
            where m.channel = @channel and m.state = 'active' and b.due_day between m.signed_on and @day
              and (not m.one_off or not exists (select from debit_item u where u.mandate = m.id and u.state not in ('skipped', 'rejected')))
              and (i.presentation is null or (i.state in ('rejected', 'returned') and i.reason = 'AM04' and i.presentation < @presentationsMax))
            order by m.account, b.due_day, m.signed_on desc, m.id
            """,
            new { channel, day, presentationsMax })).AsList();
    }

    public async Task<DebitItemRow?> FindAsync(string id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<DebitItemRow>($"select {Columns} from debit_item where id = @id", new { id });
    }

    public async Task<Dictionary<string, DebitItemRow>> FindAsync(IReadOnlyCollection<string> ids)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<DebitItemRow>($"select {Columns} from debit_item where id = any(@ids)", new { ids = ids.ToArray() }))
            .ToDictionary(i => i.Id);
    }

    /// <summary>Collections of a channel and day, by id.</summary>
    /// <param name="states">Only those in these states; null is all.</param>
    public async Task<List<DebitItemRow>> ListAsync(string channel, DateOnly day, string[]? states, string after, int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<DebitItemRow>(
            $"""
            select {Columns} from debit_item
            where channel = @channel and collect_day = @day and (@states::text[] is null or state = any(@states)) and id > @after order by id limit @take
            """,
            new { channel, day, states, after, take })).AsList();
    }

    /// <summary>Writes a collection that is to be announced; what its id then is, whoever wrote it.</summary>
    public async Task<DebitItemRow> AddAsync(DebitCandidate c, string channel, DateOnly day, long announcedNano)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into debit_item (id, channel, mandate, partition, account, account_id, due_day, collect_day, presentation, announced_nano)
            values (@ItemId, @channel, @Mandate, @Partition, @Account, @Account_Id, @Due_Day, @day, @presentation, @announcedNano) on conflict do nothing
            """,
            new { c.ItemId, channel, c.Mandate, c.Partition, c.Account, c.Account_Id, c.Due_Day, day, presentation = c.Presentations + 1, announcedNano });
        return (await FindAsync(c.ItemId))!;
    }

    /// <summary>Goes from one state to another; false where it is not in the first any more.</summary>
    public async Task<bool> MoveAsync(string id, string from, string to, string? why = null)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync("update debit_item set state = @to, why = @why where id = @id and state = @from", new { id, from, to, why }) == 1;
    }

    /// <summary>Says what a claim is for before it is sent, so that whoever goes on sends the same.</summary>
    public async Task<DebitItemRow> ClaimAsync(DebitItemRow item, long nano, string sequence)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            update debit_item set state = 'claimed', amount_nano = @nano, sequence = @sequence, attempt = attempt + 1
            where id = @Id and attempt = @Attempt and state in ('announced', 'claimed')
            """,
            new { item.Id, item.Attempt, nano, sequence });
        return (await FindAsync(item.Id))!;
    }

    /// <summary>Notes how a collection came back, once: what was noted first stays.</summary>
    public async Task<DebitItemRow> ReturnAsync(string id, string reason, DateTimeOffset at)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "update debit_item set reason = coalesce(reason, @reason), returned_at = coalesce(returned_at, @at) where id = @id",
            new { id, reason, at = at.ToUniversalTime() });
        return (await FindAsync(id))!;
    }

    /// <summary>Begins a run, or finds it begun.</summary>
    public async Task<DebitRunRow> BeginAsync(string channel, DateOnly day, string messageId, DirectDebitSetting setting, string by, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into debit_run (channel, day, message_id, setting, created_by, created_at) values (@channel, @day, @messageId, @text::jsonb, @by, @now)
              on conflict do nothing
            """,
            new { channel, day, messageId, text = JsonSerializer.Serialize(setting, ApiJson.Options), by, now = now.ToUniversalTime() });
        return (await FindRunAsync(channel, day))!;
    }

    public async Task<DebitRunRow?> FindRunAsync(string channel, DateOnly day)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<DebitRunRow>(
            "select channel, day, message_id, setting::text as setting, state, created_at from debit_run where channel = @channel and day = @day",
            new { channel, day });
    }

    /// <summary>The day of a run by the id of its message; null where the channel has none such.</summary>
    public async Task<DateOnly?> DayOfAsync(string channel, string messageId)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<DateOnly>(
            "select day from debit_run where channel = @channel and message_id = @messageId", new { channel, messageId })).Cast<DateOnly?>().FirstOrDefault();
    }

    /// <summary>Runs of a channel, the latest day first.</summary>
    public async Task<List<DebitRunRow>> RunsAsync(string channel, DateOnly before, int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<DebitRunRow>(
            """
            select channel, day, message_id, setting::text as setting, state, created_at from debit_run where channel = @channel and day < @before
            order by day desc limit @take
            """,
            new { channel, before, take })).AsList();
    }

    public async Task EndRunAsync(string channel, DateOnly day)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("update debit_run set state = 'made' where channel = @channel and day = @day", new { channel, day });
    }

    /// <summary>Count and sum of a day's collections by state.</summary>
    public async Task<List<DebitSum>> SumsAsync(string channel, DateOnly day)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<(string State, string? Why, long Count, decimal Nano)>(
            """
            select state, why, count(*), sum(coalesce(amount_nano, announced_nano)) from debit_item where channel = @channel and collect_day = @day
            group by state, why order by state, why
            """,
            new { channel, day });
        return [.. rows.Select(r => new DebitSum(r.State, r.Why, r.Count, new Domain.WideMoney((Int128)r.Nano).ToString()))];
    }

    /// <summary>What a process that died has left: collections that were not announced, and runs that were not ended.</summary>
    public async Task<(List<DebitItemRow> Items, List<DebitRunRow> Runs)> LeftAsync(TimeSpan age, int max)
    {
        await using var connection = await database.OpenConnectionAsync();
        var items = await connection.QueryAsync<DebitItemRow>(
            $"select {Columns} from debit_item where state = 'new' and created_at < now() - @age order by created_at limit @max", new { age, max });
        var runs = await connection.QueryAsync<DebitRunRow>(
            """
            select channel, day, message_id, setting::text as setting, state, created_at from debit_run where state = 'open' order by created_at limit @max
            """, new { max });
        return (items.AsList(), runs.AsList());
    }
}
