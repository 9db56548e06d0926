using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Readings;
using AccountGrid.LoadTest.Targets;
using AccountGrid.Streams.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using NpgsqlTypes;

namespace AccountGrid.LoadTest.Commands;

/// <summary>
/// The log's append by itself, against writing the same rows by binary COPY into a table without anything, and against COPY with what the log promises, in
/// turns. Each commit is durable on all sides.
/// </summary>
internal static class AppendCost
{
    private const int Partitions = 256;
    private const int ReadingsPerCommit = 20_000;

    /// <summary>The log gathers what waits while a commit is under way into the next; COPY has a connection and a commit for each caller.</summary>
    private static readonly int[] CallersAtOnce = [1, 2, 8];

    public static async Task<int> RunAsync(int turns, double seconds)
    {
        await using var server = await LoadDatabase.StartAsync(null);
        await using var database = NpgsqlDataSource.Create(await server.DatabaseAsync("append"));
        await PostgresLogSchema.EnsureAsync(database, Partitions);
        await using (var create = database.CreateCommand("""
            create table copy_target (partition int not null, first_position bigint not null, record_count int not null, payload bytea not null);
            alter table copy_target alter column payload set storage external;
            create table copy_log (like log_batch including all);
            create table copy_head (like log_head including all) with (fillfactor = 30, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
            insert into copy_head select * from log_head
            """))
        {
            await create.ExecuteNonQueryAsync();
        }

        await using var log =
            new PostgresLog(database, new PostgresLogOptions { Partitions = Partitions }, TimeProvider.System, NullLogger<PostgresLog>.Instance);
        var appends = Appends();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{turns} turns of {seconds} s, {ReadingsPerCommit:N0} readings a call over {Partitions} partitions, "
                + $"{appends.Sum(x => x.Payload.Length) / (double)ReadingsPerCommit:0.0} bytes a reading; medians:"));
        foreach (var callers in CallersAtOnce)
        {
            await TurnAsync(callers, 2, () => log.AppendAsync(appends));
            await TurnAsync(callers, 2, () => CopyAsync(database, appends));
            await TurnAsync(callers, 2, () => CopyDenselyAsync(database, appends));
            var (a, b, c) = (new List<double>(), new List<double>(), new List<double>());
            for (var turn = 0; turn < turns; turn++)
            {
                a.Add(await TurnAsync(callers, seconds, () => log.AppendAsync(appends)));
                b.Add(await TurnAsync(callers, seconds, () => CopyAsync(database, appends)));
                c.Add(await TurnAsync(callers, seconds, () => CopyDenselyAsync(database, appends)));
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{callers} at once: log {Median(a):N0} readings/s, binary COPY {Median(b):N0} readings/s, ratio "
                    + $"{Median([.. a.Zip(b, (x, y) => x / y)]):0.00}; COPY at dense positions under the log's key {Median(c):N0}, ratio "
                    + $"{Median([.. a.Zip(c, (x, y) => x / y)]):0.00}"));
        }

        return 0;
    }

    private static async Task<double> TurnAsync(int callers, double seconds, Func<Task> commit)
    {
        var started = TimeProvider.System.GetTimestamp();
        long commits = 0;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (TimeProvider.System.GetElapsedTime(started).TotalSeconds < seconds)
            {
                await commit();
                Interlocked.Increment(ref commits);
            }
        })));
        return commits * ReadingsPerCommit / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task CopyAsync(NpgsqlDataSource database, LogAppend[] appends)
    {
        await using var connection = await database.OpenConnectionAsync();
        await CopyAsync(connection, "copy_target", appends, new long[Partitions]);
    }

    /// <summary>
    /// COPY with what the log promises: positions taken from heads, one transaction after the other, so that they are dense in the order of commits.
    /// </summary>
    private static async Task CopyDenselyAsync(NpgsqlDataSource database, LogAppend[] appends)
    {
        const string Move = """
            update copy_head h set next_position = h.next_position + a.record_count from unnest($1, $2) as a(partition, record_count)
            where h.partition = a.partition returning h.partition, h.next_position - a.record_count
            """;
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var turn = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                new("select pg_advisory_xact_lock(1)"),
                new(Move) {
                    Parameters = { new() { Value = appends.Select(a => a.Partition).ToArray() }, new() { Value = appends.Select(a => a.Count).ToArray() } } },
            },
        };
        await turn.PrepareAsync();
        var positions = new long[Partitions];
        await using (var reader = await turn.ExecuteReaderAsync())
        {
            await reader.NextResultAsync();
            while (await reader.ReadAsync())
            {
                positions[reader.GetInt32(0)] = reader.GetInt64(1);
            }
        }

        await CopyAsync(connection, "copy_log", appends, positions);
        await transaction.CommitAsync();
    }

    private static async Task CopyAsync(NpgsqlConnection connection, string table, LogAppend[] appends, long[] positions)
    {
        await using var copy =
            await connection.BeginBinaryImportAsync($"copy {table} (partition, first_position, record_count, payload) from stdin (format binary)");
        foreach (var append in appends)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(append.Partition, NpgsqlDbType.Integer);
            await copy.WriteAsync(positions[append.Partition], NpgsqlDbType.Bigint);
            await copy.WriteAsync(append.Count, NpgsqlDbType.Integer);
            await copy.WriteAsync(append.Payload.ToArray(), NpgsqlDbType.Bytea);
        }

        await copy.CompleteAsync();
    }

    private static LogAppend[] Appends()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        return [.. Enumerable.Range(0, Partitions).Select(p =>
        {
            var readings = Enumerable.Range(0, ReadingsPerCommit / Partitions + (p < ReadingsPerCommit % Partitions ? 1 : 0))
                .Select(i => new Reading((i * Partitions) + p + 1, RegisterKind.Import, now - (i * 13), 123_456 + (i * 77), 0, 0)).ToArray();
            return new LogAppend(p, readings.Length, LogRecords.Encode(now, readings));
        })];
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
