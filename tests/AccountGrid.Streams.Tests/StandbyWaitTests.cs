using AccountGrid.Streams.Postgres;
using AccountGrid.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AccountGrid.Streams.Tests;

/// <summary>
/// A commit that no standby confirmed. The server answers it as a success once the wait is cancelled, and Npgsql cancels what takes longer than its time limit.
/// </summary>
public sealed class StandbyWaitTests : IAsyncLifetime
{
    private TestPostgres _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestPostgres.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task What_no_standby_has_confirmed_is_not_acknowledged()
    {
        var database =
            new NpgsqlConnectionStringBuilder(await _server.CreateDatabaseAsync()) { CommandTimeout = 1, CancellationTimeout = 20_000 }.ConnectionString;
        await using var source = NpgsqlDataSource.Create(database);
        await PostgresLogSchema.EnsureAsync(source, 2);
        await _server.ExecuteAsync(database, "alter system set synchronous_standby_names = 'nobody'", "select pg_reload_conf()");
        await Eventually.GetAsync(async () => await ScalarAsync(source, "show synchronous_standby_names"), n => n is "nobody", "It waits for a standby");
        await using var log = new PostgresLog(source, new PostgresLogOptions { Partitions = 2, CommandTimeout = TimeSpan.FromSeconds(1) }, TimeProvider.System,
            NullLogger<PostgresLog>.Instance);
        await Assert.ThrowsAsync<LogUnavailableException>(() => log.AppendAsync(new LogAppend(0, 1, new byte[] { 1 })));
        await Assert.ThrowsAsync<LogUnavailableException>(() => log.AppendAsync(new LogAppend(1, 1, new byte[] { 1 }, new LogKey("k", new byte[32]))));

        // Both are there: only the acknowledgement was missing, and asking again under the same key waits as well.
        Assert.Equal((1L, 1L), (await log.HeadAsync(0), await log.HeadAsync(1)));
        await Assert.ThrowsAsync<LogUnavailableException>(() => log.AppendAsync(new LogAppend(1, 1, new byte[] { 1 }, new LogKey("k", new byte[32]))));
        await _server.ExecuteAsync(database, "alter system reset synchronous_standby_names", "select pg_reload_conf()");
        await Eventually.GetAsync(async () => await ScalarAsync(source, "show synchronous_standby_names"), n => n is "", "It waits for nobody");
        var again = await log.AppendAsync(new LogAppend(1, 1, new byte[] { 1 }, new LogKey("k", new byte[32])));
        Assert.Equal((0L, AppendOutcome.Existed), (again.FirstPosition, again.Outcome));
    }

    [Theory]
    [InlineData("WARNING", "01000", true)]
    [InlineData("NOTICE", "00000", false)]
    [InlineData("WARNING", "25P01", false)]
    public async Task Only_the_warning_of_a_cancelled_wait_makes_a_commit_doubtful(string severity, string state, bool isDoubtful)
    {
        await using var connection = new NpgsqlConnection();
        var wait = new StandbyWait(connection);
        wait.Hear(severity, state);
        Assert.Equal(isDoubtful, Record.Exception(wait.EnsureKept) is NpgsqlException);
        wait.EnsureKept();
    }

    private static async Task<object?> ScalarAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
