using System.Security.Cryptography;
using AccountGrid.Streams.Postgres;
using AccountGrid.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

[assembly: AssemblyFixture(typeof(AccountGrid.Streams.Tests.PostgresFixture))]

namespace AccountGrid.Streams.Tests;

public sealed class PostgresLogTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const int Partitions = 4;

    private string _connectionString = null!;
    private NpgsqlDataSource _database = null!;
    private PostgresLog _log = null!;

    public async ValueTask InitializeAsync()
    {
        _connectionString = await postgres.Server.CreateDatabaseAsync();
        _database = NpgsqlDataSource.Create(_connectionString);
        await PostgresLogSchema.EnsureAsync(_database, Partitions);
        _log = Open();
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_log_on_two_servers_answers_in_the_callers_order_and_keeps_each_partition_where_it_belongs()
    {
        await using var other = NpgsqlDataSource.Create(await postgres.Server.CreateDatabaseAsync());
        await PostgresLogSchema.EnsureAsync(other, Partitions);
        await using var log = new PostgresLog(new LogServers([_database, other], [0, 1, 0, 1]), new PostgresLogOptions { Partitions = Partitions },
            TimeProvider.System, NullLogger<PostgresLog>.Instance);
        var results = await log.AppendAsync([.. new[] { 3, 0, 1, 2, 3, 0 }.Select(p => new LogAppend(p, p + 1, new byte[] { (byte)p }))]);
        Assert.Equal([(3, 0L), (0, 0), (1, 0), (2, 0), (3, 4), (0, 1)], results.Select(r => (r.Partition, r.FirstPosition)));
        var heads = await Task.WhenAll(Enumerable.Range(0, Partitions).Select(p => log.HeadAsync(p)));
        Assert.Equal([2L, 2, 3, 8], heads);
        Assert.Equal([3], (await log.ReadAsync(3, 0, 1 << 20))!.Entries[0].Payload.ToArray());
        await log.ReportConsumedAsync([(0, 2), (3, 8)]);
        foreach (var (server, ownHeads, consumed) in new[] { (_database, new[] { 2L, 0, 3, 0 }, new[] { 2L, 0, 0, 0 }), (other, [0, 2, 0, 8], [0, 0, 0, 8]) })
        {
            Assert.Equal(ownHeads, await ColumnAsync(server, "select next_position from log_head order by partition"));
            Assert.Equal(consumed, await ColumnAsync(server, "select consumed_position from log_reader order by partition"));
        }

        Assert.Contains("Partition 1 is on server -1", Assert.Throws<ArgumentException>(() => new LogServers([_database], [0, -1])).Message,
            StringComparison.Ordinal);
        Assert.Contains("Partition 0 is on server 1", Assert.Throws<ArgumentException>(() => new LogServers([_database], [1])).Message,
            StringComparison.Ordinal);
    }

    private static async Task<List<long>> ColumnAsync(NpgsqlDataSource server, string sql)
    {
        await using var command = server.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var column = new List<long>();
        while (await reader.ReadAsync())
        {
            column.Add(reader.GetInt64(0));
        }

        return column;
    }

    [Fact]
    public async Task Positions_are_dense_and_in_the_order_of_their_answers()
    {
        long expected = 0;
        for (var i = 1; i <= 20; i++)
        {
            var result = await _log.AppendAsync(new LogAppend(2, i, Bytes(i)));
            Assert.Equal(new AppendResult(2, expected, AppendOutcome.Appended), result);
            expected += i;
        }

        Assert.Equal(expected, await _log.HeadAsync(2));
        Assert.Equal(0, await _log.HeadAsync(1));
    }

    [Fact]
    public async Task Many_callers_of_two_processes_leave_no_gap_and_lose_nothing()
    {
        await using var other = Open();
        var results = await Task.WhenAll(Enumerable.Range(0, 400).Select(async i =>
        {
            var log = i % 2 == 0 ? _log : other;
            return (Id: i, Results: await log.AppendAsync([.. Enumerable.Range(0, Partitions).Select(p => new LogAppend(p, 1 + (i % 3), Bytes(i)))]));
        }));
        for (var p = 0; p < Partitions; p++)
        {
            var byPosition = results.Select(r => (r.Id, r.Results[p].FirstPosition)).OrderBy(r => r.FirstPosition).ToList();
            long next = 0;
            foreach (var (id, first) in byPosition)
            {
                Assert.Equal(next, first);
                next += 1 + (id % 3);
            }

            var read = await ReadAllAsync(p, 0);
            Assert.Equal(byPosition.Select(b => b.Id), read.Select(e => BitConverter.ToInt32(e.Payload.Span)));
        }
    }

    [Fact]
    public async Task A_key_appends_once_and_another_body_is_told_apart()
    {
        var first = await _log.AppendAsync(Keyed("k", "body"));
        var again = await _log.AppendAsync(Keyed("k", "body"));
        var other = await _log.AppendAsync(Keyed("k", "another body"));
        Assert.Equal((AppendOutcome.Appended, AppendOutcome.Existed, AppendOutcome.KeyConflict), (first.Outcome, again.Outcome, other.Outcome));
        Assert.Equal(first.FirstPosition, again.FirstPosition);
        Assert.Equal(1, await _log.HeadAsync(0));
    }

    [Fact]
    public async Task The_same_key_from_many_at_once_counts_once()
    {
        await using var other = Open();
        var results = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => (i % 2 == 0 ? _log : other).AppendAsync(Keyed("k", "body"))));
        Assert.Single(results, r => r.Outcome == AppendOutcome.Appended);
        Assert.Single(results.Select(r => r.FirstPosition).Distinct());
        Assert.Equal(1, await _log.HeadAsync(0));
    }

    [Fact]
    public async Task Reading_begins_at_any_position_with_the_append_that_holds_it()
    {
        await _log.AppendAsync(new LogAppend(0, 5, Bytes(1)));
        await _log.AppendAsync([new LogAppend(0, 2, Bytes(2)), new LogAppend(0, 3, Bytes(3))]);
        Assert.Equal([0L, 5, 7], (await ReadAllAsync(0, 0)).Select(e => e.FirstPosition));
        Assert.Equal([0L, 5, 7], (await ReadAllAsync(0, 4)).Select(e => e.FirstPosition));
        Assert.Equal([5L, 7], (await ReadAllAsync(0, 6)).Select(e => e.FirstPosition));
        Assert.Equal([7L], (await ReadAllAsync(0, 9)).Select(e => e.FirstPosition));
        Assert.Empty(await ReadAllAsync(0, 10));
    }

    [Fact]
    public async Task Trimming_takes_whole_appends_before_a_position()
    {
        for (var i = 0; i < 5; i++)
        {
            await _log.AppendAsync(new LogAppend(0, 2, Bytes(i)));
        }

        Assert.Equal(0, await _log.TrimAsync(0, 6, DateTimeOffset.UnixEpoch));
        Assert.Equal(2, await _log.TrimAsync(0, 5, TimeProvider.System.GetUtcNow().AddMinutes(1)));
        Assert.Equal([4L, 6, 8], (await ReadAllAsync(0, 4)).Select(e => e.FirstPosition));
        Assert.Equal(10, await _log.HeadAsync(0));
    }

    [Fact]
    public async Task Trimming_goes_on_beyond_what_one_statement_takes()
    {
        const int Appends = 510;
        for (var i = 0; i < Appends; i++)
        {
            await _log.AppendAsync(new LogAppend(0, 1, Bytes(i)));
        }

        Assert.Equal(Appends - 5, await _log.TrimAsync(0, Appends - 5, TimeProvider.System.GetUtcNow().AddMinutes(1)));
        Assert.Equal(Enumerable.Range(Appends - 5, 5), (await ReadAllAsync(0, Appends - 5)).Select(e => (int)e.FirstPosition));
    }

    [Fact]
    public async Task A_reader_too_far_behind_stops_its_partition_only()
    {
        await using var log = Open(o => o.LagMax = 10);
        await log.AppendAsync([new LogAppend(0, 20, Bytes(1)), new LogAppend(1, 1, Bytes(1))]);
        await log.ReportConsumedAsync(0, 0);
        await log.ReportConsumedAsync(1, 0);
        var refused = await Assert.ThrowsAsync<LogBackpressureException>(() => log.AppendAsync(new LogAppend(0, 1, Bytes(2))));
        Assert.True(refused.RetryAfter > TimeSpan.Zero);
        await log.AppendAsync(new LogAppend(1, 1, Bytes(2)));

        // The reader itself may append what it needs to go on: nobody else can end its lag.
        await log.AppendAsync(new LogAppend(0, 1, Bytes(3), IsOfReader: true));
        await log.ReportConsumedAsync(0, 15);
        await log.AppendAsync(new LogAppend(0, 1, Bytes(4)));
        Assert.Equal(22, await log.HeadAsync(0));
    }

    [Fact]
    public async Task More_than_may_wait_is_refused_at_once_and_nothing_of_it_is_written()
    {
        await using var log = Open(o => (o.QueuedBytesMax, o.AppendBytesMax, o.GroupDelay) = (4_000, 2_000, TimeSpan.FromMilliseconds(200)));
        var appends = Enumerable.Range(0, 20).Select(_ => log.AppendAsync(new LogAppend(0, 1, new byte[1_000]))).ToList();
        await Task.WhenAll(appends).ContinueWith(_ => { }, TaskScheduler.Default);
        var refused = appends.Count(a => a.Exception?.InnerException is LogBackpressureException);
        Assert.True(refused > 0);
        Assert.Equal(20 - refused, await log.HeadAsync(0));
        Assert.Equal(0, log.QueuedBytes);
    }

    [Theory]
    [InlineData(-1, 1, 10)]
    [InlineData(Partitions, 1, 10)]
    [InlineData(0, 0, 10)]
    [InlineData(0, 1, 9_000_000)]
    public async Task An_append_that_can_never_be_taken_is_an_argument_error(int partition, int count, int bytes) =>
        await Assert.ThrowsAsync<ArgumentException>(() => _log.AppendAsync(new LogAppend(partition, count, new byte[bytes])));

    [Fact]
    public async Task What_was_answered_survives_a_crash_of_the_server()
    {
        var server = await TestPostgres.StartAsync();
        await using var _ = server;
        await using var database = NpgsqlDataSource.Create(await server.CreateDatabaseAsync());
        await PostgresLogSchema.EnsureAsync(database, Partitions);
        await using var log =
            new PostgresLog(database, new PostgresLogOptions { Partitions = Partitions }, TimeProvider.System, NullLogger<PostgresLog>.Instance);
        var acknowledged = new List<int>();
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                try
                {
                    await log.AppendAsync(new LogAppend(0, 1, Bytes(i)));
                    lock (acknowledged)
                    {
                        acknowledged.Add(i);
                    }
                }
                catch (LogUnavailableException)
                {
                    // Unknown: it may be there or not, and this writer does not ask again.
                }
            }
        });
        await Eventually.GetAsync(() => Task.FromResult(acknowledged.Count), n => n > 200, "200 acknowledged");
        await server.CrashAsync();
        var before = acknowledged.Count;
        await Eventually.GetAsync(() => Task.FromResult(acknowledged.Count), n => n > before + 200, "200 more acknowledged");
        await stop.CancelAsync();
        await writing;
        var stored = new List<int>();
        for (long from = 0; await log.ReadAsync(0, from, 1 << 20) is { } batch; from = batch.EndPosition)
        {
            Assert.Equal(from, batch.FirstPosition);
            stored.AddRange(batch.Entries.Select(e => BitConverter.ToInt32(e.Payload.Span)));
        }

        Assert.Empty(acknowledged.Except(stored));
        Assert.Equal(stored.Count, stored.Distinct().Count());
    }

    [Fact]
    public async Task A_log_made_with_another_number_of_partitions_is_refused() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => PostgresLogSchema.EnsureAsync(_database, Partitions + 1));

    private PostgresLog Open(Action<PostgresLogOptions>? configure = null)
    {
        var options = new PostgresLogOptions { Partitions = Partitions };
        configure?.Invoke(options);
        return new PostgresLog(_database, options, TimeProvider.System, NullLogger<PostgresLog>.Instance);
    }

    private async Task<List<LogEntry>> ReadAllAsync(int partition, long from)
    {
        var entries = new List<LogEntry>();
        while (await _log.ReadAsync(partition, from, 1_000) is { } batch)
        {
            entries.AddRange(batch.Entries);
            from = batch.EndPosition;
        }

        return entries;
    }

    private static LogAppend Keyed(string key, string body) => new(0, 1, Bytes(1), new LogKey(key, SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(body))));

    private static byte[] Bytes(int i) => BitConverter.GetBytes(i);
}
