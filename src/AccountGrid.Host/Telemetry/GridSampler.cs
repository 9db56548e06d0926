using AccountGrid.Host.Background;
using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Telemetry;

/// <summary>Looks up in the database, every 15 seconds, what no process can count by itself. Each process reports the same: take the greatest.</summary>
internal sealed partial class GridSampler(NpgsqlDataSource database, TelemetryOptions options, TimeProvider time, ILogger<GridSampler> logger)
    : PeriodicService(TimeSpan.FromSeconds(15), time)
{
    /// <summary>Rows counted at most, so that a long queue does not make the look at it slow.</summary>
    public const int CountMax = 10_000;

    /// <summary>An answer that is older is none: the database has not answered since.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private (GridSample Sample, long At)? _last;

    /// <summary>The last look; null where there is none of the last minute.</summary>
    public GridSample? Last => _last is var (sample, at) && Time.GetElapsedTime(at) < Fresh ? sample : null;

    /// <summary>Looks once.</summary>
    internal async Task<GridSample> LookAsync(CancellationToken cancel)
    {
        const string Sql = """
            with p as materialized (select array_agg(partition) all_of from partition),
            due as (select next_attempt_at from outbox where partition = any((select all_of from p)::int[]) and state = 'queued' and not is_bulk
                and attempts = 0 and next_attempt_at <= $1 order by next_attempt_at limit $2),
            failed as (select to_timestamp(created_ms / 1000.0) created_at from outbox where partition = any((select all_of from p)::int[])
                and state = 'queued' and attempts > 0 and claim_token is null order by created_ms limit $2),
            held as (select 1 from relay_command where partition = any((select all_of from p)::int[]) and state = 'planned' and held_reason is not null
                and held_released_by is null limit $2),
            silent as (select 1 from gateway_seen where at >= $3 and at < (select max(at) from gateway_seen) - $4::interval limit $2),
            quarantined as (select record_count from quarantined_record where partition = any((select all_of from p)::int[]) and resolved_at is null limit $2)
            select (select count(*) from due) + (select count(*) from failed),
                greatest((select coalesce(extract(epoch from $1 - min(next_attempt_at)), 0)::float8 from due),
                    (select coalesce(extract(epoch from $1 - min(created_at)), 0)::float8 from failed)),
                (select count(*) from held), (select coalesce(sum(record_count), 0)::bigint from quarantined), (select cuts_stopped from operation),
                (select count(*) from silent),
                (select count(*) from (select 1 from webhook where state = 'paused' and paused_why <> 'asked' limit $2) w)
            """;
        await using var command = database.CreateCommand(Sql);
        var now = Time.GetUtcNow().UtcDateTime;
        Statements.Add(command, now, CountMax, now.AddDays(-options.GatewaySilentDays), TimeSpan.FromMinutes(options.GatewaySilentMinutes));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return new GridSample(reader.GetInt64(0), reader.GetDouble(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetBoolean(4),
            reader.GetInt64(5), reader.GetInt64(6));
    }

    protected override async Task<bool> RunOnceAsync(CancellationToken cancel)
    {
        _last = (await LookAsync(cancel), Time.GetTimestamp());
        return false;
    }

    protected override void LogFailure(Exception cause) => Failed(logger, cause);

    [LoggerMessage(7010, LogLevel.Warning, "Metrics could not be looked up in the database; trying again.")]
    private static partial void Failed(ILogger logger, Exception cause);
}
