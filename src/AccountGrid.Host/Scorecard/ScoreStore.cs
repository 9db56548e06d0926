using System.Text.Json;
using AccountGrid.Domain.Figures;
using AccountGrid.Host.Http;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Scorecard;

/// <summary>What is counted of one channel: its rows, and what follows from them, in one transaction.</summary>
internal sealed class ScoreStore(NpgsqlConnection connection, NpgsqlTransaction transaction, string channel)
{
    /// <summary>A heartbeat that was received so much later than it says is no sign of life: the channel could not reach the grid.</summary>
    private static readonly TimeSpan HeartbeatLate = TimeSpan.FromHours(1);

    /// <summary>Rows whose transaction ended so long after they were changed are seen too.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    /// <summary>A day that is older is not counted again: a file may speak of any day.</summary>
    private const int DaysBack = 400;

    /// <summary>Takes the channel for this transaction; false where another process has it.</summary>
    public Task<bool> ClaimAsync() => ScalarAsync<bool>(
        "select pg_try_advisory_xact_lock_shared(hashtext('channel-scores')) and pg_try_advisory_xact_lock(hashtext('channel-score:' || @channel))");

    /// <summary>Forgets what was counted of all channels; whoever counts ends first.</summary>
    public static async Task ForgetAsync(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        await connection.ExecuteAsync("select pg_advisory_xact_lock(hashtext('channel-scores'))", transaction: transaction);
        await connection.ExecuteAsync("delete from channel_score_position", transaction: transaction);
        await connection.ExecuteAsync("delete from channel_score", transaction: transaction);
    }

    /// <summary>The database's clock.</summary>
    public async Task<DateTimeOffset> ClockAsync() => await ScalarAsync<DateTime>("select clock_timestamp()");

    /// <summary>Up to where the channel is counted; null where it is not yet.</summary>
    public Task<(DateOnly Day, DateTimeOffset Seen)?> PositionAsync() => connection.QuerySingleOrDefaultAsync<(DateOnly, DateTimeOffset)?>(
        "select day, seen from channel_score_position where channel = @channel", new { channel }, transaction);

    public Task SetPositionAsync(DateOnly day, DateTimeOffset seen) => connection.ExecuteAsync(
        """
        insert into channel_score_position (channel, day, seen) values (@channel, @day, @seen)
        on conflict (channel) do update set day = excluded.day, seen = excluded.seen
        """, new { channel, day, seen = seen.ToUniversalTime() }, transaction);

    /// <summary>The first day of which there is anything; null where there is nothing.</summary>
    public Task<DateOnly?> FirstAsync(string zone) => connection.QuerySingleAsync<DateOnly?>(
        """
        select least(
          (select min(business_day) from channel_payment where channel = @channel),
          (select (min(created_at) at time zone @zone)::date from channel_payment where channel = @channel and status = 'closed'),
          (select (min(received_at) at time zone @zone)::date from channel_heartbeat where channel = @channel),
          (select (min(minute) at time zone @zone)::date from channel_probe where channel = @channel))
        """, new { channel, zone }, transaction);

    /// <summary>Days up to one whose rows have changed since.</summary>
    public async Task<List<DateOnly>> ChangedAsync(DateOnly until, DateTimeOffset since, string zone)
    {
        var days = await connection.QueryAsync<DateOnly>(
            """
            select d.day from (
              select business_day as day from channel_payment where channel = @channel and changed_at > @since and business_day is not null
              union select (created_at at time zone @zone)::date from channel_payment where channel = @channel and changed_at > @since and status = 'closed'
              union select business_day from reconciliation_item where channel = @channel and changed_at > @since
              union select g::date from channel_settlement s cross join generate_series(s.first_day, s.last_day, interval '1 day') g
                where s.channel = @channel and s.changed_at > @since) d
            where d.day between @until - @DaysBack and @until order by d.day
            """,
            new { channel, until, since = (since - Overlap).ToUniversalTime(), zone, DaysBack }, transaction);
        return days.AsList();
    }

    /// <summary>What became of the payment ids of a day, the reversals, and how far the channel and the grid differ.</summary>
    /// <param name="from">First instant of the local day.</param>
    /// <param name="until">First instant behind it.</param>
    public async Task<ChannelFacts> CountAsync(DateOnly day, DateTimeOffset from, DateTimeOffset until)
    {
        var at = new { channel, day, from = from.ToUniversalTime(), until = until.ToUniversalTime() };
        var p = await connection.QuerySingleAsync<(long Succeeded, long Rejected, long Unknown, long Reversed)>(
            """
            select count(*) filter (where p.status in ('accepted', 'held') or (p.status = 'reversed' and v.request->>'reason' is distinct from 'timeout')),
              count(*) filter (where p.status = 'rejected'),
              count(*) filter (where p.status = 'open' or (p.status = 'reversed' and v.request->>'reason' = 'timeout')),
              count(*) filter (where p.status = 'reversed')
            from channel_payment p left join channel_reversal v on v.channel = p.channel and v.txn = p.reversed_by
            where p.channel = @channel and p.business_day = @day and p.body_hash is not null
            """, at, transaction);
        var closed = await connection.ExecuteScalarAsync<long>(
            "select count(*) from channel_payment where channel = @channel and status = 'closed' and created_at >= @from and created_at < @until",
            at, transaction);
        var complaints = await connection.ExecuteScalarAsync<long>(
            "select count(*) from complaint where channel = @channel and filed_at >= @from and filed_at < @until and state <> 'new'", at, transaction);
        return new()
        {
            Succeeded = p.Succeeded,
            Rejected = p.Rejected,
            Unknown = p.Unknown + closed,
            Reversed = p.Reversed,
            Complaints = complaints,
        };
    }

    /// <summary>Differences that are known, out of how many payments of either side, and when the first file about the day came; null without a file.</summary>
    public async Task<(long Unmatched, long Of, DateTimeOffset ImportedAt)?> SettlementAsync(DateOnly day) =>
        await connection.QuerySingleOrDefaultAsync<(long, long, DateTimeOffset)?>(
            """
            select i.unmatched, i.missing + (select count(*) from channel_payment
                where channel = @channel and business_day = @day and status in ('accepted', 'held', 'reversed') and body_hash is not null), s.at
            from (select min(imported_at) as at from channel_settlement where channel = @channel and first_day <= @day and last_day >= @day) s
            cross join (select count(*) filter (where result in ('missing_here', 'missing_there', 'amount', 'duplicate')) as unmatched,
                count(*) filter (where result in ('missing_here', 'duplicate')) as missing
              from reconciliation_item where channel = @channel and business_day = @day and state <> 'gone') i
            where s.at is not null
            """,
            new { channel, day }, transaction);

    /// <summary>Times from paid to booked. What a person moved to its account later is not among them.</summary>
    public async Task<LatencyDistribution> LatenciesAsync(DateOnly from, DateOnly to) =>
        new(await connection.QueryAsync<(long, long)>(
            """
            select greatest(0, floor(extract(epoch from booked_at - paid_at) * 1000))::bigint, count(*) from channel_payment
            where channel = @channel and business_day between @from and @to and booked_at is not null and assigned_by is null group by 1
            """, new { channel, from, to }, transaction));

    /// <summary>Signs of life, the last of each minute: heartbeats, bookings and probes.</summary>
    public async Task<List<SignOfLife>> SignsAsync(DateOnly day, DateTimeOffset from, DateTimeOffset until)
    {
        var rows = await connection.QueryAsync<(DateTimeOffset At, bool IsUp)>(
            """
            select max(at), true from channel_heartbeat
            where channel = @channel and at >= @from and at < @until and received_at between at - @late and at + @late group by date_trunc('minute', at)
            union all select max(booked_at), true from channel_payment
            where channel = @channel and business_day between @day - 15 and @day + 1 and booked_at >= @from and booked_at < @until
            group by date_trunc('minute', booked_at)
            union all select minute, is_up from channel_probe where channel = @channel and minute >= @from and minute < @until and is_up is not null
            """,
            new { channel, day, from = from.ToUniversalTime(), until = until.ToUniversalTime(), late = HeartbeatLate }, transaction);
        return [.. rows.Select(r => new SignOfLife(r.At.ToUnixTimeMilliseconds(), r.IsUp))];
    }

    /// <summary>Days of a month that are counted.</summary>
    public async Task<List<ChannelFacts>> DaysAsync(DateOnly from, DateOnly to) =>
        [
            .. (await connection.QueryAsync<string>(
                "select facts::text from channel_score where span = 'day' and day between @from and @to and channel = @channel order by day",
                new { channel, from, to }, transaction)).Select(Read)];

    /// <summary>Days with payments about which no settlement file has come.</summary>
    public async Task<List<DateOnly>> UnsettledAsync(DateOnly from, DateOnly to) =>
        (await connection.QueryAsync<DateOnly>(
            """
            select s.day from channel_score s where s.span = 'day' and s.day between @from and @to and s.channel = @channel
              and (s.facts->>'succeeded')::bigint > 0
              and not exists (select from channel_settlement f where f.channel = @channel and f.first_day <= s.day and f.last_day >= s.day) order by s.day
            """,
            new { channel, from, to }, transaction)).AsList();

    public Task SaveAsync(string span, DateOnly day, ChannelFacts facts) => connection.ExecuteAsync(
        """
        insert into channel_score (span, day, channel, facts) values (@span, @day, @channel, @facts::jsonb)
        on conflict (span, day, channel) do update set facts = excluded.facts
        """, new { span, day, channel, facts = JsonSerializer.Serialize(facts, ApiJson.Options) }, transaction);

    public static ChannelFacts Read(string json) => JsonSerializer.Deserialize<ChannelFacts>(json, ApiJson.Options)!;

    private Task<T> ScalarAsync<T>(string sql) => connection.QuerySingleAsync<T>(sql, new { channel }, transaction);
}
