using AccountGrid.Host.Background;
using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Events;

/// <summary>
/// Once an hour, how far the effects of all partitions are written. That says from where the events of a time begin, and what is older than the list is kept.
/// </summary>
internal sealed partial class EventMarks(NpgsqlDataSource database, GridOptions grid, EventOptions options, TimeProvider time, ILogger<EventMarks> logger)
    : PeriodicService(TimeSpan.FromMinutes(1), time)
{
    /// <summary>How much a time in the log may differ from the time of a mark.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);

    /// <summary>Null is as far back as the books go.</summary>
    private DateTime? OldestAt => options.RetentionDays == 0 ? null : Time.GetUtcNow().UtcDateTime - TimeSpan.FromDays(options.RetentionDays);

    /// <summary>The first place that can be read; its events may be a little older than the list is kept.</summary>
    public async Task<EventCursor> FloorAsync(CancellationToken cancel = default) =>
        EventCursor.At(grid.Partitions, OldestAt is { } oldest ? await BeforeAsync(oldest, cancel) ?? [] : []);

    /// <summary>A place before every event of an instant and later ones; null where the list is not kept so long.</summary>
    public async Task<EventCursor?> AtAsync(DateTimeOffset instant, CancellationToken cancel = default) => instant.UtcDateTime < OldestAt
        ? null
        : EventCursor.At(grid.Partitions, await BeforeAsync(instant.UtcDateTime - Margin, cancel) ?? []);

    /// <summary>Where the list ends now.</summary>
    public async Task<EventCursor> EndAsync(CancellationToken cancel = default)
    {
        await using var command = database.CreateCommand("select partition, effects_position from partition order by partition");
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var ends = new List<(int, long, int)>();
        while (await reader.ReadAsync(cancel))
        {
            ends.Add((reader.GetInt32(0), reader.GetInt64(1), 0));
        }

        return new EventCursor(grid.Partitions).With(ends);
    }

    /// <summary>Adds the hour's mark, and forgets marks that say nothing any more: the newest of those that are too old is the floor.</summary>
    internal async Task KeepAsync(CancellationToken cancel = default)
    {
        const string Add = """
            insert into event_mark (at, positions)
            select $1, s.positions from (
              select array_agg(coalesce(p.effects_position, 0) order by n) as positions
              from generate_series(0, $2 - 1) n left join partition p on p.partition = n) s
            where not exists (select from event_mark m where m.at > $1 - interval '1 hour') on conflict do nothing
            """;
        await using var add = database.CreateCommand(Add);
        Statements.Add(add, Time.GetUtcNow().UtcDateTime, grid.Partitions);
        await add.ExecuteNonQueryAsync(cancel);
        if (OldestAt is not { } oldest)
        {
            return;
        }

        await using var forget = database.CreateCommand("delete from event_mark where at < (select max(at) from event_mark where at <= $1)");
        Statements.Add(forget, oldest);
        await forget.ExecuteNonQueryAsync(cancel);
    }

    protected override async Task<bool> RunOnceAsync(CancellationToken cancel)
    {
        await KeepAsync(cancel);
        return false;
    }

    protected override void LogFailure(Exception cause) => Failed(logger, cause);

    private async Task<long[]?> BeforeAsync(DateTime at, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select positions from event_mark where at <= $1 order by at desc limit 1");
        Statements.Add(command, at);
        return (long[]?)await command.ExecuteScalarAsync(cancel);
    }

    [LoggerMessage(7101, LogLevel.Warning, "The place of this hour in the list of events could not be kept; trying again.")]
    private static partial void Failed(ILogger logger, Exception cause);
}
