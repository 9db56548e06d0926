using System.Security.Cryptography;
using AccountGrid.Host.Database;
using AccountGrid.Streams.Postgres;
using Npgsql;

namespace AccountGrid.Host.Partitions;

/// <summary>
/// Brings records that one partition's fold sends to another's to a log on another server. They were stored with what caused them; here they are appended
/// under a key of their own, in their order, and only then deleted: dying in between appends nothing twice. One process does it at a time, so that a meter
/// arrives before what is forwarded to it.
/// </summary>
internal sealed partial class TransferMover(NpgsqlDataSource database, PostgresLog log, EffectsWriter effects,
    ILogger<TransferMover> logger) : BackgroundService
{
    /// <summary>Any fixed number: whoever moves holds this advisory lock.</summary>
    private const long MoveLock = 4_710_815_003;

    /// <summary>Records moved at once.</summary>
    private const int MovedMax = 500;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (log.Servers.Count == 1)
        {
            return;
        }

        using var wake = new SemaphoreSlim(0);
        void Wake() => wake.Release();
        effects.TransfersWait += Wake;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var moved = await Task.WhenAll(Enumerable.Range(1, log.Servers.Count - 1).Select(s => TryMoveAsync(s, stoppingToken)));
                if (moved.Max() < MovedMax)
                {
                    await WaitAsync(wake, stoppingToken);
                }
            }
        }
        finally
        {
            effects.TransfersWait -= Wake;
        }
    }

    /// <summary>Moves some of a server's; 0 where there are none, where another process moves them, or where they cannot be moved now.</summary>
    private async Task<int> TryMoveAsync(int server, CancellationToken cancel)
    {
        try
        {
            return await MoveAsync(server, cancel);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            MoveFailed(logger, server, e);
            return 0;
        }
    }

    /// <summary>Until something waits, or a period is over; however many flushes have called, they are one call.</summary>
    private static async Task WaitAsync(SemaphoreSlim wake, CancellationToken cancel)
    {
        if (await wake.WaitAsync(Period, cancel))
        {
            while (wake.Wait(0, CancellationToken.None))
            {
                // The same call.
            }
        }
    }

    private async Task<int> MoveAsync(int server, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (var take = new NpgsqlCommand("select pg_try_advisory_xact_lock($1)", connection, transaction))
        {
            Statements.Add(take, MoveLock + server);
            if (!(bool)(await take.ExecuteScalarAsync(cancel))!)
            {
                return 0;
            }
        }

        var (partitions, ids, appends, moves) = (new List<int>(), new List<long>(), new List<LogAppend>(), new List<string>());
        await using (var read = new NpgsqlCommand(
            """
            select t.id, t.partition, t.position, t.sequence, t.to_partition, t.record_count, t.payload, t.key, t.key_hash
            from log_transfer t join log_server s on s.partition = t.to_partition where s.server = $1 order by t.id limit $2
            """,
            connection, transaction))
        {
            Statements.Add(read, server, MovedMax);
            await using var reader = await read.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
            {
                ids.Add(reader.GetInt64(0));
                partitions.Add(reader.GetInt32(1));
                var payload = (byte[])reader[6];
                moves.Add($"transfer:{reader.GetInt32(1)}:{reader.GetInt64(2)}:{reader.GetInt32(3)}");
                var key = await reader.IsDBNullAsync(7, cancel)
                    ? new LogKey(moves[^1], SHA256.HashData(payload))
                    : new LogKey(reader.GetString(7), (byte[])reader[8]);
                appends.Add(new LogAppend(reader.GetInt32(4), reader.GetInt32(5), payload, key));
            }
        }

        if (ids.Count > 0)
        {
            var results = await log.AppendAsync(appends);

            // A record whose key stands for another content comes under a key of its own: what left one account arrives at the other.
            var taken = appends.Zip(moves).Where((_, i) => results[i].Outcome == AppendOutcome.KeyConflict)
                .Select(t => t.First with { Key = new LogKey(t.Second, SHA256.HashData(t.First.Payload.Span)) }).ToList();
            if (taken.Count > 0)
            {
                await log.AppendAsync(taken);
            }

            await using var delete = new NpgsqlCommand(
                "delete from log_transfer t using unnest($1, $2) as u(partition, id) where t.partition = u.partition and t.id = u.id", connection, transaction);
            Statements.Add(delete, partitions.ToArray(), ids.ToArray());
            await delete.ExecuteNonQueryAsync(cancel);
        }

        await transaction.CommitAsync(cancel);
        return ids.Count;
    }

    [LoggerMessage(2101, LogLevel.Warning, "Records for the log on server {Server} could not be brought there; trying again.")]
    private static partial void MoveFailed(ILogger logger, int server, Exception cause);
}
