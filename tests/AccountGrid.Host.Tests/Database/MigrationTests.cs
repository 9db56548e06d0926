using AccountGrid.Host.Database;
using AccountGrid.Testing;
using DbUp.Engine;
using Npgsql;

namespace AccountGrid.Host.Tests;

/// <summary>The scripts that make the schema: each once, in order, one process at a time.</summary>
public sealed class MigrationTests
{
    /// <summary>Two releases later: the second script needs the first, and each fails if it runs twice.</summary>
    private static readonly SqlScript[] Later =
        [.. Migrations.All, new("0003_second.sql", "insert into later values ('second')"), new("0002_first.sql", "create table later (what text)")];

    [Fact]
    public void There_is_one_initial_migration_behind_the_logs_own() =>
        Assert.Equal(["0000_log.sql", "0001_initial.sql"], Migrations.All.Select(s => s.Name));

    [Fact]
    public async Task Later_migrations_run_once_each_and_in_order_although_all_silos_start_at_once()
    {
        await using var postgres = await TestPostgres.StartAsync();
        var database = await postgres.CreateDatabaseAsync();
        await PostgresDatabase.MigrateAsync(database, 4);
        await using var source = NpgsqlDataSource.Create(database);
        await using (var grid = source.CreateCommand("insert into account (id, partition) values ('KEPT', 1)"))
        {
            await grid.ExecuteNonQueryAsync();
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => PostgresDatabase.MigrateAsync(database, 4, Later))));
        await PostgresDatabase.MigrateAsync(database, 4, Later);
        Assert.Equal(["0000_log.sql", "0001_initial.sql", "0002_first.sql", "0003_second.sql"],
            await TextsAsync(source, "select scriptname from schemaversions order by schemaversionsid"));
        Assert.Equal(["second"], await TextsAsync(source, "select what from later"));
        Assert.Equal(["KEPT"], await TextsAsync(source, "select id from account"));

        // A process of the release before starts on the newer schema: that is how a cluster is upgraded.
        await PostgresDatabase.MigrateAsync(database, 4);
    }

    [Fact]
    public async Task A_process_waits_while_another_migrates()
    {
        await using var postgres = await TestPostgres.StartAsync();
        var database = await postgres.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database);
        await using var other = await source.OpenConnectionAsync();
        await using (var take = new NpgsqlCommand($"select pg_advisory_lock({PostgresDatabase.MigrationLock})", other))
        {
            await take.ExecuteNonQueryAsync();
        }

        var migrating = PostgresDatabase.MigrateAsync(database, 4);
        await Eventually.GetAsync(() => TextsAsync(source, "select locktype from pg_locks where locktype = 'advisory' and not granted"),
            waiting => waiting.Count == 1, "It waits for the lock");
        Assert.Empty(await TextsAsync(source, "select tablename::text from pg_tables where schemaname = 'public'"));
        await using (var release = new NpgsqlCommand($"select pg_advisory_unlock({PostgresDatabase.MigrationLock})", other))
        {
            await release.ExecuteNonQueryAsync();
        }

        await migrating;
        Assert.Equal(2, (await TextsAsync(source, "select scriptname from schemaversions")).Count);
    }

    [Fact]
    public async Task A_migration_that_fails_is_named_leaves_nothing_and_ends_the_start()
    {
        await using var postgres = await TestPostgres.StartAsync();
        var database = await postgres.CreateDatabaseAsync();
        await PostgresDatabase.MigrateAsync(database, 4);
        SqlScript[] wrong = [.. Migrations.All, new("0002_wrong.sql", "create table half (n int); select * from nowhere")];
        var refused = await Assert.ThrowsAsync<StartException>(() => PostgresDatabase.MigrateAsync(database, 4, wrong));
        Assert.StartsWith("Migration 0002_wrong.sql failed: 42P01", refused.Message, StringComparison.Ordinal);
        await using var source = NpgsqlDataSource.Create(database);
        Assert.Empty(await TextsAsync(source, "select tablename::text from pg_tables where tablename = 'half'"));
        await PostgresDatabase.MigrateAsync(database, 4);
    }

    private static async Task<List<string>> TextsAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync())
        {
            texts.Add(reader.GetString(0));
        }

        return texts;
    }
}
