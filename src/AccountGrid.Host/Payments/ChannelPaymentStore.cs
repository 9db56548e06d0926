using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Host.Http;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Payments;

/// <summary>
/// The register of channels' payment ids. Its primary key decides every race: who writes an id first, a payment, a status query that closes it or a reversal
/// that came before its payment, has it, and all others learn what it is.
/// </summary>
internal sealed class ChannelPaymentStore(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Times of rows are the grid's, as all that is decided by them is.</summary>
    private DateTimeOffset Now => time.GetUtcNow().ToUniversalTime();

    private const string Columns =
        "channel, txn, status, body_hash, account, coalesce(amount_nano, 0) as amount_nano, currency, attempt, payment_position, answer::text as answer, "
            + "booked_at, reversed_by, facts->>'queryRef' as query_ref, agent, in_suspense, held_because, rejected_detail, assigned_by";

    public async Task<ChannelPaymentRow?> FindAsync(string channel, string txn)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<ChannelPaymentRow>($"select {Columns} from channel_payment where channel = @channel and txn = @txn",
            new { channel, txn });
    }

    /// <summary>Writes a payment that is to be booked, or held, or that is rejected; what the id is then, whoever wrote it.</summary>
    /// <param name="agent">The agent that sells it; null is none.</param>
    /// <param name="because">Why it is to be held, or is rejected where an agent sells it; null where it is to be booked.</param>
    public async Task<ChannelPaymentRow> RegisterAsync(string channel, string? agent, ChannelPaymentRequest r, Money amount, byte[] hash, object facts,
        Refusal? because)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into channel_payment (channel, txn, status, agent, body_hash, account, amount_nano, currency, paid_at, business_day, facts, held_because,
              rejected_detail, created_at)
            values (@channel, @ChannelTxnId, @status, @agent, @hash, @Account, @nano, @Currency, @paidAt, @BusinessDay, @facts::jsonb, @code, @detail, @Now)
            on conflict do nothing
            """,
            new
            {
                channel,
                r.ChannelTxnId,
                status = because is not null && agent is not null ? "rejected" : "open",
                agent,
                hash,
                r.Account,
                nano = amount.Nano,
                r.Currency,
                paidAt = r.PaidAt.ToUniversalTime(),
                r.BusinessDay,
                facts = JsonSerializer.Serialize(facts, ApiJson.Options),
                code = because?.Code.Text,
                detail = agent is null ? null : because?.Detail,
                Now,
            });
        return (await FindAsync(channel, r.ChannelTxnId))!;
    }

    /// <summary>Closes an id that was never seen, so that it can never be accepted; what the id is then, whoever wrote it.</summary>
    public async Task<ChannelPaymentRow> CloseAsync(string channel, string txn)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "insert into channel_payment (channel, txn, status, created_at) values (@channel, @txn, 'closed', @Now) on conflict do nothing",
            new { channel, txn, Now });
        return (await FindAsync(channel, txn))!;
    }

    /// <summary>Ends a step of an open payment; what another caller ended stays.</summary>
    public async Task<ChannelPaymentRow> EndAsync(ChannelPaymentRow open, ChannelPaymentEnd end)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            update channel_payment set status = @Status, answer = coalesce(@Answer::jsonb, answer), payment_position = @Position, partition = @Partition,
              held_because = @code, rejected_detail = @detail, in_suspense = @InSuspense,
              booked_at = case when @Status = 'accepted' then @Now else booked_at end
            where channel = @Channel and txn = @Txn and status = 'open' and attempt = @Attempt
            """,
            new
            {
                open.Channel,
                open.Txn,
                open.Attempt,
                end.Status,
                end.Answer,
                end.Position,
                end.Partition,
                end.InSuspense,
                code = end.Because?.Code.Text,
                detail = end.Status == "rejected" ? end.Because?.Detail : null,
                Now,
            });
        return (await FindAsync(open.Channel, open.Txn))!;
    }

    /// <summary>An open payment cannot be booked where it was to be: it is to be held, by a step of its own.</summary>
    public async Task<ChannelPaymentRow> HoldAsync(ChannelPaymentRow open, string because)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            update channel_payment set held_because = @because, attempt = attempt + 1
            where channel = @Channel and txn = @Txn and status = 'open' and attempt = @Attempt
            """,
            new { open.Channel, open.Txn, open.Attempt, because });
        return (await FindAsync(open.Channel, open.Txn))!;
    }

    /// <summary>A held payment is to be given back, by a step of its own; null where it is not held any more.</summary>
    public async Task<ChannelPaymentRow?> BeginReleaseAsync(string channel, ChannelReversalRequest r)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<ChannelPaymentRow>(
            $"""
            update channel_payment set status = 'open', reversed_by = @ChannelTxnId, attempt = attempt + 1
            where channel = @channel and txn = @Original and status = 'held' returning {Columns}
            """,
            new { channel, r.ChannelTxnId, r.Original });
    }

    /// <summary>Names the account that a held payment is for; null where it is not held any more.</summary>
    public async Task<ChannelPaymentRow?> AssignAsync(string channel, string txn, string account, string by, string reason)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<ChannelPaymentRow>(
            $"""
            update channel_payment set status = 'open', account = @account, attempt = attempt + 1, assigned_by = @by, assigned_reason = @reason,
              held_because = null, created_at = @Now
            where channel = @channel and txn = @txn and status = 'held' returning {Columns}
            """,
            new { channel, txn, account, by, reason, Now });
    }

    /// <summary>Marks a payment as reversed if it has a status still; false where it has another.</summary>
    public async Task<bool> MarkReversedAsync(string channel, ChannelReversalRequest r, string from)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync(
            "update channel_payment set status = 'reversed', reversed_by = @ChannelTxnId where channel = @channel and txn = @Original and status = @from",
            new { channel, r.ChannelTxnId, r.Original, from }) == 1;
    }

    /// <summary>Writes a reversal; its hash, answer and time as they then stand, whoever wrote them.</summary>
    public async Task<(byte[] Hash, string? Answer, DateTimeOffset TakenAt)> RegisterReversalAsync(string channel, ChannelReversalRequest r, byte[] hash)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into channel_reversal (channel, txn, body_hash, original, request, created_at)
            values (@channel, @ChannelTxnId, @hash, @Original, @request::jsonb, @Now) on conflict do nothing
            """,
            new { channel, r.ChannelTxnId, hash, r.Original, request = JsonSerializer.Serialize(r, ApiJson.Options), Now });
        return await connection.QuerySingleAsync<(byte[], string?, DateTimeOffset)>(
            "select body_hash, answer::text, created_at from channel_reversal where channel = @channel and txn = @ChannelTxnId",
            new { channel, r.ChannelTxnId });
    }

    /// <summary>Ends a reversal; the answer that it then has, whoever ended it.</summary>
    public async Task<string> EndReversalAsync(string channel, string txn, string status, string answer)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "update channel_reversal set status = @status, answer = @answer::jsonb where channel = @channel and txn = @txn and status = 'open'",
            new { channel, txn, status, answer });

        // A statement of its own: the one before may have waited for another caller, whose answer only a later one sees.
        return await connection.QuerySingleAsync<string>("select answer::text from channel_reversal where channel = @channel and txn = @txn",
            new { channel, txn });
    }

    /// <summary>Payments and reversals that were taken a while ago and whose booking nobody ended: their process died.</summary>
    public async Task<(List<ChannelPaymentRow> Payments, List<(string Channel, string Request, DateTimeOffset TakenAt)> Reversals)> LeftOpenAsync(TimeSpan age,
        int max)
    {
        await using var connection = await database.OpenConnectionAsync();
        var payments = await connection.QueryAsync<ChannelPaymentRow>(
            $"select {Columns} from channel_payment where status = 'open' and created_at < @before order by created_at limit @max",
            new { before = Now - age, max });
        var reversals = await connection.QueryAsync<(string, string, DateTimeOffset)>(
            "select channel, request::text, created_at from channel_reversal where status = 'open' and created_at < @before order by created_at limit @max",
            new { before = Now - age, max });
        return (payments.AsList(), reversals.AsList());
    }

    /// <summary>The payment that was booked at a position; null where none of a channel was.</summary>
    public async Task<Receipt?> FindByPaymentAsync(int partition, long position)
    {
        await using var connection = await database.OpenConnectionAsync();
        var row = await connection.QuerySingleOrDefaultAsync<(string Channel, string Status, string Tender, DateTimeOffset PaidAt, DateOnly Day,
            string Answer)?>(
            """
            select channel, status, facts->>'tender', paid_at, business_day, answer::text from channel_payment
            where partition = @partition and payment_position = @position and status in ('accepted', 'reversed')
            """,
            new { partition, position });
        return row is { } r
            ? new Receipt(r.Channel, r.Tender, r.PaidAt, r.Day,
                JsonSerializer.Deserialize<ChannelPaymentAnswer>(r.Answer, ApiJson.Options)! with { Status = r.Status })
            : null;
    }

    /// <summary>Payments in suspense, by channel and id.</summary>
    public async Task<List<HeldPayment>> HeldAsync(string? channel, string[]? after, int take)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<(string Channel, string Txn, string Account, long Nano, string Currency, DateTimeOffset PaidAt, DateOnly Day,
            string Because)>(
            """
            select channel, txn, account, amount_nano, currency, paid_at, business_day, held_because from channel_payment
            where status = 'held' and (@channel::text is null or channel = @channel)
              and (@afterChannel::text is null or (channel, txn) > (@afterChannel, @afterTxn))
            order by channel, txn limit @take
            """,
            new { channel, afterChannel = after?[0], afterTxn = after?[1], take });
        return [.. rows.Select(r => new HeldPayment(r.Channel, r.Txn, r.Account, new Money(r.Nano).ToString(), r.Currency, r.PaidAt, r.Day, r.Because))];
    }

    /// <param name="agent">Only what this agent sold; null is all.</param>
    public async Task<List<ChannelDaySum>> DayAsync(string channel, string? agent, DateOnly day)
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<(string Status, long Count, decimal Nano)>(
            """
            select status, count(*), sum(amount_nano) from channel_payment
            where channel = @channel and business_day = @day and (@agent::text is null or agent = @agent) group by status order by status
            """,
            new { channel, agent, day });
        return [.. rows.Select(r => new ChannelDaySum(r.Status, r.Count, new WideMoney((Int128)r.Nano).ToString()))];
    }

    public async Task AddQueryAsync(Guid reference, string channel, string account, Money owed, DateTimeOffset now, DateTimeOffset validUntil)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            with gone as (delete from channel_query where valid_until < @now - interval '1 day')
            insert into channel_query (ref, channel, account, owed_nano, valid_until) values (@reference, @channel, @account, @nano, @validUntil)
            """,
            new { reference, channel, account, nano = owed.Nano, now = now.ToUniversalTime(), validUntil = validUntil.ToUniversalTime() });
    }

    /// <summary>What a query of the channel about an account had named; null where there is no such query, or it is not valid any more.</summary>
    public async Task<Money?> QuotedAsync(Guid reference, string channel, string account, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<long?>(
            "select owed_nano from channel_query where ref = @reference and channel = @channel and account = @account and valid_until >= @now",
            new { reference, channel, account, now = now.ToUniversalTime() }) is { } nano ? new Money(nano) : null;
    }

    public async Task AddHeartbeatAsync(string channel, ChannelHeartbeat beat)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "insert into channel_heartbeat (channel, terminal, at, queue, received_at) values (@channel, @Terminal, @at, @Queue, @Now) on conflict do nothing",
            new { channel, beat.Terminal, at = beat.At.ToUniversalTime(), beat.Queue, Now });
    }
}
