using System.Data;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Background;
using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Figures;

/// <summary>
/// Counts what the partitions' flushes have written, in its order. Sums and the position they stand at are written in one transaction, so that a process that
/// dies counts nothing twice. One process of the cluster counts at a time.
/// </summary>
internal sealed partial class FigureProjector(NpgsqlDataSource database, FigureOptions options, TimeProvider time, ILogger<FigureProjector> logger)
    : PeriodicService(TimeSpan.FromSeconds(5), time)
{
    /// <summary>A day is ended by the clock once nothing came for so long after it; what comes later still counts on the next day.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromHours(1);

    private readonly LocalCalendar _calendar = LocalCalendar.Find(options.Zone)
        ?? throw new StartException($"Figures__Zone: '{options.Zone}' is not the name of a time zone, such as Asia/Shanghai.");

    /// <summary>About how many rows of entries and of events a transaction counts.</summary>
    internal int RowsMax { get; init; } = 20_000;

    /// <summary>Counts until nothing is left to count. Does nothing while another process counts.</summary>
    public async Task CountAsync(CancellationToken cancel = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        if (await ScalarAsync(connection, "select pg_try_advisory_lock(hashtext('figures'))") is not true)
        {
            return;
        }

        try
        {
            foreach (var partition in await WaitingAsync(connection))
            {
                while (await StepAsync(connection, partition))
                {
                    cancel.ThrowIfCancellationRequested();
                }
            }
        }
        finally
        {
            await ScalarAsync(connection, "select pg_advisory_unlock(hashtext('figures'))");
        }
    }

    /// <summary>Forgets all sums. They are counted anew from the first row, with the areas and days' ends that counted before, and come out the same.</summary>
    public async Task ForgetAsync()
    {
        // Whoever counts is waited for until its transaction ends, and then finds nothing of it.
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(new("lock table figure_partition in exclusive mode"));
        batch.BatchCommands.Add(new("truncate figure, figure_account"));
        batch.BatchCommands.Add(new("update figure_partition set position = -1, closed_day = null"));
        await batch.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    protected override async Task<bool> RunOnceAsync(CancellationToken cancel)
    {
        await CountAsync(cancel);
        return false;
    }

    protected override void LogFailure(Exception cause) => Failed(logger, cause);

    /// <summary>The last day that the clock ends now, day number.</summary>
    private int Ended => _calendar.DayOf((Time.GetUtcNow() - Late).ToUnixTimeMilliseconds()) - 1;

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Partitions that have rows which are not counted, or days that are to be ended.</summary>
    private async Task<List<int>> WaitingAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            """
            select p.partition from partition p left join figure_partition f on f.partition = p.partition
            where f.closed_day < $1 or exists (select from entry e where e.partition = p.partition and e.position > coalesce(f.position, -1))
              or exists (select from account_event e where e.partition = p.partition and e.position > coalesce(f.position, -1))
            order by p.partition
            """,
            connection);
        Statements.Add(command, DateOnly.FromDayNumber(Ended));
        await using var reader = await command.ExecuteReaderAsync();
        var partitions = new List<int>();
        while (await reader.ReadAsync())
        {
            partitions.Add(reader.GetInt32(0));
        }

        return partitions;
    }

    /// <summary>One transaction: the next rows, or the days that are over. Returns whether there was anything.</summary>
    private async Task<bool> StepAsync(NpgsqlConnection connection, int partition)
    {
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        var store = new FigureStore(connection, transaction, partition);
        var position = await store.PositionAsync();
        var isAgain = position.Position < position.Recorded;
        var rows = await store.RowsAsync(position.Position, isAgain ? position.Recorded : long.MaxValue, RowsMax);
        var round = new FigureRound(store, _calendar, position, isAgain);
        await round.CountAsync(rows);
        if (rows.Count == 0)
        {
            await round.EndAsync(Ended);
        }

        if (!round.HasWork)
        {
            return false;
        }

        await round.SaveAsync();
        await transaction.CommitAsync();
        return true;
    }

    [LoggerMessage(6601, LogLevel.Warning, "Figures could not be counted; trying again.")]
    private static partial void Failed(ILogger logger, Exception cause);
}
