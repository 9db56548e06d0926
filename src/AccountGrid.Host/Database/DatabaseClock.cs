using Npgsql;

namespace AccountGrid.Host.Database;

/// <summary>
/// The grid's one clock: the database's, carried on by this machine's count of time. What a process's own wall clock says, or how it jumps, does not matter,
/// so two processes never disagree by more than a round trip, and no account is pushed hours ahead by one of them.
/// </summary>
internal sealed class DatabaseClock : TimeProvider
{
    private readonly TimeProvider _local;
    private volatile Anchor _anchor;

    private DatabaseClock(TimeProvider local, Anchor anchor) => (_local, _anchor) = (local, anchor);

    public override long TimestampFrequency => _local.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => _local.LocalTimeZone;

    public static async Task<DatabaseClock> StartAsync(TimeProvider local, string connectionString)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select clock_timestamp()", connection);
        return new DatabaseClock(local, await AskAsync(local, command));
    }

    public override long GetTimestamp() => _local.GetTimestamp();

    public override DateTimeOffset GetUtcNow()
    {
        var anchor = _anchor;
        return anchor.Utc + _local.GetElapsedTime(anchor.At);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _local.CreateTimer(callback, state, dueTime, period);

    /// <summary>Asks the database again. Throws what it says; the clock then goes on by itself.</summary>
    public async Task AskAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        await using var command = database.CreateCommand("select clock_timestamp()");
        _anchor = await AskAsync(_local, command);
    }

    private static async Task<Anchor> AskAsync(TimeProvider local, NpgsqlCommand command)
    {
        var before = local.GetTimestamp();
        var utc = (DateTime)(await command.ExecuteScalarAsync())!;

        // It was so somewhere between asking and hearing: half way is wrong by half a round trip at most.
        return new Anchor(new DateTimeOffset(utc, TimeSpan.Zero) - (local.GetElapsedTime(before) / 2), before);
    }

    private sealed record Anchor(DateTimeOffset Utc, long At);
}
