using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Billing;
using AccountGrid.Host.Http;
using AccountGrid.Host.Payments;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.DirectDebit;

/// <summary>Collections and runs. An id that is taken is that collection for ever; each state follows from one before it only.</summary>
internal sealed class DebitStore(NpgsqlDataSource database)
{
    private const string Columns =
        "id, channel, mandate, partition, account, account_id, due_day, collect_day, number, presentation, notice_days, announced_nano, amount_nano, attempt, "
            + "sequence, state, why, reason, returned_at";

    /// <summary>
    /// Due days by a day, of accounts with an active mandate of the channel, of which nothing is under way: those that were not collected, that were skipped,
    /// that came back once for want of funds, and those that were paid, of which something can be open since money pays the oldest due day first. What was due
    /// before the signature is not collected under it. Of two mandates the later signature counts.
    /// </summary>
    public async Task<List<DebitCandidate>> CandidatesAsync(string channel, DateOnly day, int presentationsMax)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<DebitCandidate>(
            """
            select distinct on (m.account, b.due_day) m.id as mandate, m.partition, m.account, m.account_id, b.due_day, coalesce(i.number, 0) + 1
              as number, f.failed + 1 as presentation, m.one_off, m.max_nano, m.last_used, m.signed_on
            from debit_mandate m join bill b on b.partition = m.partition and b.account = m.account
            left join lateral (
              select id, number, state from debit_item where account = m.account and due_day = b.due_day order by number desc limit 1) i on true
            cross join lateral (
              select count(*)::int as failed, count(*) filter (where reason <> 'AM04') as for_a_person from debit_item
              where account = m.account and due_day = b.due_day and state in ('rejected', 'returned')) f
            where m.channel = @channel and m.state = 'active' and b.due_day between m.signed_on and @day
              and (not m.one_off or not exists (select from debit_item u where u.mandate = m.id and u.state not in ('skipped', 'rejected')))
              and f.failed < @presentationsMax and f.for_a_person = 0
              and (i.number is null or i.state in ('skipped', 'rejected', 'returned') or (i.state = 'paid' and not exists (
                select from channel_payment p where p.channel = @channel and p.txn = i.id and p.status = 'held')))
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
    public async Task<DebitItemRow> AddAsync(DebitCandidate c, string channel, DateOnly day, long announcedNano, int noticeDays)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into debit_item (id, channel, mandate, partition, account, account_id, due_day, collect_day, number, presentation, notice_days,
              announced_nano)
            values (@ItemId, @channel, @Mandate, @Partition, @Account, @Account_Id, @Due_Day, @day, @Number, @Presentation, @noticeDays, @announcedNano)
              on conflict do nothing
            """,
            new
            {
                c.ItemId,
                channel,
                c.Mandate,
                c.Partition,
                c.Account,
                c.Account_Id,
                c.Due_Day,
                day,
                c.Number,
                c.Presentation,
                noticeDays,
                announcedNano,
            });
        return (await FindAsync(c.ItemId))!;
    }

    /// <summary>Goes from the state in which it was read to another; false where another process has changed it since.</summary>
    public async Task<bool> MoveAsync(DebitItemRow item, string to, string? why = null)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync(
            "update debit_item set state = @to, why = @why where id = @Id and state = @State and attempt = @Attempt",
            new { item.Id, item.State, item.Attempt, to, why }) == 1;
    }

    /// <summary>Marks what was announced for a day that is over and that no run has claimed.</summary>
    public async Task EndPassedAsync(string channel, DateOnly today)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "update debit_item set state = 'skipped', why = @why where channel = @channel and state = 'announced' and collect_day < @today",
            new { channel, today, why = DirectDebitRefusals.DayOver.Text });
    }

    /// <summary>
    /// Says what a claim is for before it is sent, so that whoever goes on sends the same. Collections of a mandate are claimed one after the other: the first
    /// under it is known as such. False: the mandate is for one collection, and another has it.
    /// </summary>
    /// <param name="isFinal">The account is closed.</param>
    public async Task<bool> ClaimAsync(DebitItemRow item, long nano, bool isFinal)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var isOneOff = await connection.QuerySingleAsync<bool>(
            "select one_off from debit_mandate where id = @Mandate for update", new { item.Mandate }, transaction);
        var others = await connection.QuerySingleAsync<int>(
            "select count(*)::int from debit_item where mandate = @Mandate and id <> @Id and state in ('claimed', 'sent', 'paid', 'returned')",
            new { item.Mandate, item.Id }, transaction);
        if (isOneOff && others > 0)
        {
            return false;
        }

        await connection.ExecuteAsync(
            """
            update debit_item set state = 'claimed', amount_nano = @nano, sequence = @sequence, attempt = attempt + 1
            where id = @Id and attempt = @Attempt and state = @State
            """,
            new { item.Id, item.Attempt, item.State, nano, sequence = DebitRules.SequenceOf(isOneOff, others, isFinal) }, transaction);
        await transaction.CommitAsync();
        return true;
    }

    /// <summary>Lets one process at a time make a run; null where another is making it.</summary>
    public async Task<DebitRunLock?> LockAsync(string channel, DateOnly day)
    {
        var connection = await database.OpenConnectionAsync();
        var run = $"debit-run:{day:yyyy-MM-dd}:{channel}";
        if (await connection.QuerySingleAsync<bool>("select pg_try_advisory_lock(hashtext(@run))", new { run }))
        {
            return new(connection, run);
        }

        await connection.DisposeAsync();
        return null;
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

    /// <summary>Days with collections that were announced and are in no run yet.</summary>
    public async Task<List<DateOnly>> DaysToRunAsync(string channel, DateOnly from, DateOnly to)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<DateOnly>(
            """
            select distinct collect_day from debit_item i
            where channel = @channel and collect_day between @from and @to and state = 'announced'
              and not exists (select from debit_run r where r.channel = i.channel and r.day = i.collect_day)
            order by collect_day
            """,
            new { channel, from, to })).AsList();
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
        return [.. rows.Select(r => new DebitSum(r.State, r.Why, r.Count, new WideMoney((Int128)r.Nano).ToString()))];
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
