using AccountGrid.Host.Database;
using AccountGrid.Host.Hosting;
using AccountGrid.Testing;
using Npgsql;

namespace AccountGrid.Host.Tests.Database;

/// <summary>What a start and the doctor say about synchronous replication, by table and with a real standby.</summary>
public sealed class ReplicationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("", "on", 0, 0, 0, false, false, "")]
    [InlineData("", "on", 0, 0, 1, false, true, "standby.none")]
    [InlineData("s1", "on", 0, 0, 0, true, false, "")]
    [InlineData("s1", "on", 0, 0, 1, true, false, "standby.few")]
    [InlineData("s1", "on", 1, 0, 1, false, false, "")]
    [InlineData("ANY 2 (*)", "on", 1, 0, 2, true, false, "standby.few")]
    [InlineData("ANY 2 (*)", "on", 1, 1, 2, false, false, "standby.hidden")]
    [InlineData("ANY 1 (a,b,c)", "on", 3, 0, 2, false, true, "standby.none")]
    [InlineData("first 1 (a, b)", "on", 1, 0, 2, false, true, "standby.none")]
    [InlineData("2 (a, b, c)", "on", 2, 0, 2, false, false, "")]
    [InlineData("a, b", "on", 1, 0, 1, false, false, "")]
    [InlineData("*", "on", 0, 0, 0, true, false, "")]
    [InlineData("ANY 2 (*)", "remote_apply", 2, 0, 2, false, false, "")]
    [InlineData("s1", "local", 1, 0, 1, false, true, "standby.none")]
    [InlineData("s1", "remote_write", 1, 0, 1, false, true, "standby.none")]
    [InlineData("s1", "local", 0, 0, 0, false, false, "standby.not_waited_for")]
    [InlineData("s1", "on", 0, 1, 1, false, false, "standby.hidden")]
    public void Settings_and_standbys_are_compared_with_the_promise(string names, string commit, int standbys, int hidden, int promised, bool waits,
        bool refused, string finding)
    {
        var replication = new ServerReplication(names, commit, standbys, hidden);
        Assert.Equal((waits, refused), (replication.WaitsForStandby, replication.Problem(promised) is not null));
        Assert.Equal(finding, string.Join(' ', DoctorChecks.Standbys(replication, promised).Select(f => f.Code)));
    }

    /// <summary>All three can be changed while the server runs, when no start looks at them.</summary>
    [Fact]
    public async Task A_server_that_was_made_unsafe_while_it_runs_is_found()
    {
        var database = await postgres.Server.CreateDatabaseAsync();
        Assert.Empty(DoctorChecks.Standbys(await AskAsync(database), 0));
        await postgres.Server.ExecuteAsync(database, "alter system set fsync = off", "alter system set synchronous_commit = off", "select pg_reload_conf()");
        var server = await Eventually.GetAsync(() => AskAsync(database), r => r.Off.Length > 0 && r.Commit == "off", "The settings are in force");
        var finding = DoctorChecks.Standbys(server, 0).Single();
        Assert.Equal("durability.off", finding.Code);
        Assert.Contains("has off: fsync, synchronous_commit.", finding.Detail, StringComparison.Ordinal);
        await postgres.Server.ExecuteAsync(database, "alter system reset fsync", "alter system reset synchronous_commit", "select pg_reload_conf()");
        await Eventually.GetAsync(() => AskAsync(database), r => r.Off.Length == 0, "The settings are reset");
    }

    [Fact]
    public async Task A_start_waits_for_the_synchronous_standby_and_refuses_a_promise_that_the_server_does_not_keep()
    {
        var database = await postgres.Server.CreateDatabaseAsync();
        var refused = await Assert.ThrowsAsync<StartException>(() => ServerReplication.CheckAsync(database, "ConnectionStrings__AccountGrid", 1));
        Assert.StartsWith("ConnectionStrings__AccountGrid: Grid__SynchronousStandbys is 1, but", refused.Message, StringComparison.Ordinal);
        await using var standby = await Standby.StartAsync(postgres.Server, "s1");
        await postgres.Server.ExecuteAsync(database, "alter system set synchronous_standby_names = 's1'", "select pg_reload_conf()");
        await Eventually.GetAsync(() => AskAsync(postgres.Server.AdministratorConnectionString), r => r.Standbys == 1, "The standby is synchronous");
        await ServerReplication.CheckAsync(database, "ConnectionStrings__AccountGrid", 1);

        // The grid's role is no superuser: it sees the standby, and not that it is synchronous.
        Assert.Equal("standby.hidden", DoctorChecks.Standbys(await AskAsync(database), 1).Single().Code);
        await AdministerAsync("grant pg_monitor to accountgrid");
        Assert.Empty(DoctorChecks.Standbys(await AskAsync(database), 1));
        await standby.StopAsync();
        var late = await Assert.ThrowsAsync<StartException>(
            () => DatabaseWait.ForChangesAsync(database, "ConnectionStrings__AccountGrid", TimeSpan.FromSeconds(1), TimeProvider.System, _ => { }));
        Assert.EndsWith("it waits for 1 synchronous standbys (synchronous_standby_names = 's1'), and 0 are connected.", late.Message,
            StringComparison.Ordinal);
        await postgres.Server.ExecuteAsync(database, "alter system reset synchronous_standby_names", "select pg_reload_conf()");
    }

    private async Task AdministerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(postgres.Server.AdministratorConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<ServerReplication> AskAsync(string database)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return await ServerReplication.AskAsync(connection);
    }
}
