using System.Net.Sockets;
using AccountGrid.Host.Database;
using AccountGrid.Testing;
using Npgsql;

namespace AccountGrid.Host.Tests;

/// <summary>Which errors of the database pass, what a start does about them, and how a cluster shares connections.</summary>
public sealed class DatabaseFaultTests
{
    [Theory]
    [InlineData("25006", true, true)] // read-only
    [InlineData("57P01", true, true)] // shutdown by the administrator
    [InlineData("57P03", true, true)] // cannot connect now
    [InlineData("53300", true, true)] // too many connections
    [InlineData("53100", true, true)] // disk full
    [InlineData("08006", true, true)]
    [InlineData("40P01", true, false)]
    [InlineData("57014", true, false)] // cancelled
    [InlineData("25P03", true, false)]
    [InlineData("23505", false, false)]
    [InlineData("42P01", false, false)]
    [InlineData("22001", false, false)]
    public void States_that_pass_are_told_from_those_that_do_not(string state, bool passes, bool isServerAway)
    {
        var error = new PostgresException("said", "ERROR", "ERROR", state);
        Assert.Equal((passes, isServerAway), (PassingFaults.Is(error), PassingFaults.IsServerAway(error)));
        Assert.Equal(passes, PassingFaults.Is(new InvalidOperationException("around it", error)));
    }

    [Fact]
    public void A_broken_connection_passes_and_a_defect_does_not()
    {
        Assert.True(PassingFaults.IsServerAway(new NpgsqlException("Exception while reading from stream", new IOException("reset", new SocketException(104)))));
        Assert.True(PassingFaults.IsServerAway(new NpgsqlException("Unable to connect to a suitable host.", new AggregateException(
            new NpgsqlException("db2 is a standby."), new NpgsqlException("Exception while connecting", new TimeoutException())))));
        Assert.True(PassingFaults.Is(new TimeoutException()));
        Assert.False(PassingFaults.IsServerAway(new NpgsqlException("timeout", new TimeoutException())));
        Assert.False(PassingFaults.Is(new InvalidOperationException("a defect")));
        Assert.Equal("The commit failed. 25006: read-only",
            PassingFaults.Text(new IOException("The commit failed.", new PostgresException("read-only", "ERROR", "ERROR", "25006"))));
    }

    [Theory]
    [InlineData(97, 3, 21, 8)]
    [InlineData(197, 3, 54, 8)]
    [InlineData(97, 1, 60, 8)]
    [InlineData(70, 3, 16, 4)]
    public void A_cluster_shares_what_its_server_allows(int usable, int silos, int main, int orleans)
    {
        var budget = ConnectionBudget.Share(usable, silos);
        Assert.Equal((main, orleans), (budget.Main, budget.Orleans));
        Assert.True((silos * (budget.Main + budget.Orleans)) + ConnectionBudget.ForOperators <= usable);
    }

    [Fact]
    public void A_cluster_that_its_server_is_too_small_for_is_told_what_it_needs()
    {
        var error = Assert.Throws<StartException>(() => ConnectionBudget.Share(69, 3));
        Assert.Contains("allows 69 connections; a cluster of 3 silos needs 70", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("Host=db", 20, 20, 0)]
    [InlineData("Host=db;Maximum Pool Size=12", 20, 12, 0)]
    [InlineData("Host=db;Maximum Pool Size=60;Minimum Pool Size=40", 20, 20, 20)]
    public void A_pool_is_as_large_as_the_share_unless_it_was_to_be_smaller(string text, int share, int max, int min)
    {
        var limited = new NpgsqlConnectionStringBuilder(ConnectionBudget.Limit(text, share));
        Assert.Equal((max, min), (limited.MaxPoolSize, limited.MinPoolSize));
    }

    [Fact]
    public async Task A_start_waits_for_a_database_that_is_away_and_says_so_once()
    {
        await using var postgres = await TestPostgres.StartAsync();
        var database = await postgres.CreateDatabaseAsync();
        await postgres.KillAsync();
        var said = new List<string>();
        var ended = await Assert.ThrowsAsync<StartException>(() => WaitAsync(database, 1, said));
        Assert.Contains("is not there after 1 s", ended.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', ended.Message);
        Assert.Single(said);

        said.Clear();
        var waiting = WaitAsync(database, 60, said);
        await postgres.StartAgainAsync();
        await waiting;
        Assert.StartsWith("Waiting up to 60 s for the database at", Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_number_of_partitions_is_refused_with_one_line_that_says_which_is_right()
    {
        await using var postgres = await TestPostgres.StartAsync();
        var database = await postgres.CreateDatabaseAsync();
        await PostgresDatabase.MigrateAsync(database, 16);
        await PostgresDatabase.MigrateAsync(database, 16);
        var refused = await Assert.ThrowsAsync<StartException>(() => PostgresDatabase.MigrateAsync(database, 32));
        Assert.Equal("Grid__Partitions is 32, but this grid was made with 16 partitions, and the number is fixed. Set Grid__Partitions to 16.",
            refused.Message);
    }

    [Fact]
    public async Task A_start_waits_while_the_database_is_read_only()
    {
        await using var postgres = await TestPostgres.StartAsync();
        var database = await postgres.CreateDatabaseAsync();
        await postgres.ExecuteAsync(database, "alter system set default_transaction_read_only = on", "select pg_reload_conf()");
        var said = new List<string>();
        await Eventually.GetAsync<Exception?>(async () => await Record.ExceptionAsync(() => WaitAsync(database, 0, said)),
            e => e is StartException && e.Message.Contains("read-only", StringComparison.Ordinal), "The start is refused");
        var waiting = WaitAsync(database, 60, said);
        await postgres.ExecuteAsync(database, "set default_transaction_read_only = off", "alter system reset default_transaction_read_only",
            "select pg_reload_conf()");
        await waiting;
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Hots=wrong", "ConnectionStrings__AccountGrid: ")]
    [InlineData("nonsense", "ConnectionStrings__AccountGrid: ")]
    public async Task A_connection_string_that_cannot_be_read_is_named(string text, string begins) =>
        Assert.StartsWith(begins, (await Assert.ThrowsAsync<StartException>(() => WaitAsync(text, 5, []))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_database_that_does_not_exist_is_not_waited_for()
    {
        await using var postgres = await TestPostgres.StartAsync();
        var missing = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync()) { Database = "nowhere" }.ConnectionString;
        var refused = await Assert.ThrowsAsync<StartException>(() => WaitAsync(missing, 60, []));
        Assert.Contains("refuses: 3D000", refused.Message, StringComparison.Ordinal);
    }

    private static Task WaitAsync(string database, int seconds, List<string> said) =>
        DatabaseWait.ForChangesAsync(database, "ConnectionStrings__AccountGrid", TimeSpan.FromSeconds(seconds), TimeProvider.System, said.Add);
}
