using AccountGrid.Domain;
using AccountGrid.Host.Cli;
using AccountGrid.Host.Database;
using AccountGrid.Testing;
using Npgsql;

namespace AccountGrid.Host.Tests;

/// <summary>The format version in the database, and who stands against a later one.</summary>
public sealed class FormatStoreTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_grid_writes_what_the_build_that_makes_it_reads_and_a_later_version_is_refused()
    {
        var connection = await MakeAsync();
        await using var database = NpgsqlDataSource.Create(connection);
        await FormatStore.CheckAsync(await postgres.Server.CreateDatabaseAsync());
        await FormatStore.CheckAsync(connection);
        Assert.Null(await FormatStore.ReadAsync(database, Token));
        Assert.Null((await FormatStore.FinishAsync(database, [], Token)).Before);
        await FormatStore.BeginAsync(connection);
        Assert.Equal(FormatVersion.Newest, await FormatStore.ReadAsync(database, Token));

        await postgres.Server.ExecuteAsync(connection, $"update grid set format_version = {FormatVersion.Newest + 1}");
        foreach (var refused in new Func<Task>[]
            { () => FormatStore.CheckAsync(connection), () => FormatStore.BeginAsync(connection), () => FormatStore.FinishAsync(database, [], Token) })
        {
            Assert.Equal(
                $"Format version {FormatVersion.Newest + 1} is in force in this grid, and this build, {BuildInfo.Version}, reads no later one than "
                    + $"{FormatVersion.Newest}: the grid was upgraded to a later release, and the upgrade was finished. Start that release, or a later one. "
                    + "To go back, restore a backup from before.",
                (await Assert.ThrowsAsync<StartException>(refused)).Message);
        }
    }

    [Fact]
    public async Task A_silo_that_has_not_said_what_it_reads_stands_against_a_later_version_until_it_is_dead_or_named_as_gone()
    {
        var connection = await MakeAsync();
        await FormatStore.BeginAsync(connection);
        await using var database = NpgsqlDataSource.Create(connection);
        await postgres.Server.ExecuteAsync(connection, $"update grid set format_version = {FormatVersion.Newest - 1}");
        await JoinAsync(connection, 1, "now()", status: 2);
        await JoinAsync(connection, 2, "now()", status: 3);
        await JoinAsync(connection, 3, "now()", status: 6);
        await JoinAsync(connection, 4, "now() - interval '1 day'", status: 3);
        await FormatStore.RegisterAsync(database, "10.0.0.1", 1, 7, Token);
        var (before, against) = await FormatStore.FinishAsync(database, [], Token);
        Assert.Equal((FormatVersion.Newest - 1, "10.0.0.1:2@7 , 10.0.0.1:4@7 "), (before, string.Join(", ", against.Select(a => $"{a.Silo} {a.Version}"))));
        Assert.Equal(before, await FormatStore.ReadAsync(database, Token));

        await FormatStore.RegisterAsync(database, "10.0.0.1", 2, 7, Token);
        Assert.Equal("10.0.0.1:4@7", Assert.Single((await FormatStore.FinishAsync(database, ["10.0.0.1:5@7"], Token)).Against).Silo);
        Assert.Empty((await FormatStore.FinishAsync(database, ["10.0.0.1:4@7"], Token)).Against);
        Assert.Equal(FormatVersion.Newest, await FormatStore.ReadAsync(database, Token));
        await Assert.ThrowsAsync<InvariantBrokenException>(() => FormatStore.RegisterAsync(database, "10.0.0.1", 5, 7, Token));
    }

    /// <summary>Whoever comes while the version is raised waits, and is then refused: it would have been neither seen nor warned.</summary>
    [Fact]
    public async Task A_silo_that_joins_while_the_version_is_raised_waits_and_is_refused()
    {
        var connection = await MakeAsync();
        await FormatStore.BeginAsync(connection);
        await using var database = NpgsqlDataSource.Create(connection);
        await JoinAsync(connection, 1, "now()", status: 2);
        await using var other = await database.OpenConnectionAsync(Token);
        await using var transaction = await other.BeginTransactionAsync(Token);
        await using (var hold = new NpgsqlCommand("select format_version from grid for update", other))
        {
            await hold.ExecuteScalarAsync(Token);
        }

        await using var look = await database.OpenConnectionAsync(Token);
        var registering = FormatStore.RegisterAsync(database, "10.0.0.1", 1, 7, Token);
        await Eventually.GetAsync(
            async () =>
            {
                await using var waits = new NpgsqlCommand("select count(*) from pg_stat_activity where wait_event_type = 'Lock'", look);
                return (long)(await waits.ExecuteScalarAsync(Token))!;
            },
            w => w == 1, "The silo waits");
        await using (var raise = new NpgsqlCommand($"update grid set format_version = {FormatVersion.Newest + 1}", other))
        {
            await raise.ExecuteNonQueryAsync(Token);
        }

        await transaction.CommitAsync(Token);
        await Assert.ThrowsAsync<StartException>(() => registering);
    }

    /// <summary>A build says its release, and its number is one by Semantic Versioning.</summary>
    [Fact]
    public async Task The_release_is_named_by_the_program_and_every_silo_says_it()
    {
        Assert.Matches(@"^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$", BuildInfo.Version);
        var said = new StringWriter();
        Assert.Equal(0, await CommandLine.Root().Parse("--version").InvokeAsync(new() { Output = said }, Token));
        Assert.StartsWith(BuildInfo.Version, said.ToString(), StringComparison.Ordinal);
        Assert.Contains($"<VersionPrefix>{BuildInfo.Version.Split('-')[0]}</VersionPrefix>",
            await File.ReadAllTextAsync(Path.Combine(ComposeFile.Root, "Directory.Build.props"), Token), StringComparison.Ordinal);
    }

    private async Task<string> MakeAsync()
    {
        var connection = await postgres.Server.CreateDatabaseAsync();
        await PostgresDatabase.MigrateAsync(connection, 4);
        return connection;
    }

    /// <summary>A member of the cluster, as Orleans writes it.</summary>
    private Task JoinAsync(string connection, int port, string lives, int status) => postgres.Server.ExecuteAsync(connection,
        "insert into orleansmembershipversiontable (deploymentid) values ('accountgrid') on conflict do nothing",
        "insert into orleansmembershiptable (deploymentid, address, port, generation, siloname, hostname, status, starttime, iamalivetime) "
            + $"values ('accountgrid', '10.0.0.1', {port}, 7, 's', 'h', {status}, now(), {lives})");
}
