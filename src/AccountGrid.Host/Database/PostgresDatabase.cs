using System.Data.Common;
using AccountGrid.Streams.Postgres;
using DbUp;
using DbUp.Engine;
using Npgsql;

namespace AccountGrid.Host.Database;

/// <summary>The schema: numbered scripts, run once each, one process at a time, and checks that the server keeps the promises.</summary>
public static class PostgresDatabase
{
    /// <summary>Any fixed number: whoever migrates holds this advisory lock.</summary>
    internal const long MigrationLock = 4_710_815_001;

    /// <summary>As a command's timeout: none. A migration takes as long as its tables are large, and those who wait for it wait as long.</summary>
    private const int NoTimeout = 0;

    /// <summary>Whether a connection may write: not where the server is a standby, or somebody made it read-only.</summary>
    internal const string TakesChangesSql = "select not pg_is_in_recovery() and current_setting('transaction_read_only') = 'off'";

    /// <summary>Connections that a data source keeps once it has needed so many.</summary>
    private const int ConnectionsKept = 32;

    /// <summary>
    /// A data source whose pool keeps connections that it has needed once, where the string names no smallest size: Npgsql ends what was idle over five
    /// minutes all at once, and what is idle at most looks is needed all the same. Fifty that end and begin together stop a small machine for half a second.
    /// </summary>
    /// <param name="timeline">Watches the server's timeline on each new connection; null is for a tool that only looks.</param>
    public static NpgsqlDataSource Open(string connectionString, ServerTimeline? timeline = null)
    {
        var builder = new NpgsqlConnectionStringBuilder(Safe(connectionString));
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        builder.MinPoolSize =
            given.ContainsKey("Minimum Pool Size") || given.ContainsKey("MinPoolSize") ? builder.MinPoolSize : Math.Min(ConnectionsKept, builder.MaxPoolSize);
        return timeline is null ? NpgsqlDataSource.Create(builder) : timeline.Build(new NpgsqlDataSourceBuilder(builder.ConnectionString));
    }

    /// <summary>
    /// The connection string without automatic preparation: in Npgsql 10 a statement that fails while it is being prepared leaves its connection out of
    /// step, and a later command on it fails with a protocol error (npgsql issue 6391). Of several servers the primary is asked for.
    /// </summary>
    public static string Safe(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 0 };

        // A process that is frozen in the middle of a transaction must not hold its rows until it wakes.
        builder.Options = With(builder.Options, "idle_in_transaction_session_timeout=10000");

        // A commit that a standby has not confirmed is told by a warning alone, whatever the role's own setting is.
        builder.Options = With(builder.Options, "client_min_messages=warning");
        SeveralServers.AskForPrimary(builder, new DbConnectionStringBuilder { ConnectionString = connectionString });
        return builder.ConnectionString;
    }

    private static string With(string? options, string setting) =>
        options?.Contains(setting[..setting.IndexOf('=', StringComparison.Ordinal)], StringComparison.Ordinal) == true
            ? options
            : $"{options} -c {setting}".Trim();

    /// <summary>Brings the schema up to this build's. Throws <see cref="StartException"/> if a script fails or the server is not durable.</summary>
    public static Task MigrateAsync(string connectionString, int partitions) => MigrateAsync(connectionString, partitions, Migrations.All);

    /// <summary>
    /// Runs each script that this database has not had, in the order of their names, each in a transaction of its own. Other processes wait meanwhile.
    /// </summary>
    internal static async Task MigrateAsync(string connectionString, int partitions, IEnumerable<SqlScript> scripts)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await CheckDurabilityAsync(connection);
        await using (var take = new NpgsqlCommand($"select pg_advisory_lock({MigrationLock})", connection) { CommandTimeout = NoTimeout })
        {
            await take.ExecuteNonQueryAsync();
        }

        var result = DeployChanges.To
            .PostgresqlDatabase(connectionString)
            .WithScripts(scripts)
            .WithVariablesDisabled()
            .WithTransactionPerScript()
            .WithExecutionTimeout(TimeSpan.FromSeconds(NoTimeout))
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!result.Successful)
        {
            throw new StartException($"Migration {result.ErrorScript?.Name} failed: {result.Error.Message}");
        }

        await CheckPartitionsAsync(connection, partitions);
        await PostgresLogSchema.EnsureHeadsAsync(connection, partitions);
        await ExecuteAsync(connection, "insert into partition (partition) select partition from log_head on conflict do nothing");
        await CheckStorageKeyAsync(connection);
    }

    private static async Task CheckPartitionsAsync(NpgsqlConnection connection, int partitions)
    {
        await using var count = new NpgsqlCommand("select count(*)::int from log_head", connection);
        if ((int)(await count.ExecuteScalarAsync())! is var made && made != 0 && made != partitions)
        {
            throw new StartException(
                $"Grid__Partitions is {partitions}, but this grid was made with {made} partitions, and the number is fixed. Set Grid__Partitions to {made}.");
        }
    }

    internal static async Task CheckDurabilityAsync(NpgsqlConnection connection)
    {
        foreach (var setting in new[] { "fsync", "full_page_writes", "synchronous_commit" })
        {
            await using var show = new NpgsqlCommand($"show {setting}", connection);
            var value = (string)(await show.ExecuteScalarAsync())!;
            if (value == "off")
            {
                throw new StartException($"The PostgreSQL server has {setting} = off; acknowledged readings would not survive a crash. Set it on.");
            }
        }
    }

    private static async Task CheckStorageKeyAsync(NpgsqlConnection connection)
    {
        await using var find =
            new NpgsqlCommand("select exists (select from pg_indexes where tablename = 'orleansstorage' and indexdef like 'CREATE UNIQUE INDEX%')", connection);
        if (!(bool)(await find.ExecuteScalarAsync())!)
        {
            throw new StartException(
                "Table orleansstorage has no unique key: two first writes of one grain could both succeed. Restore index orleansstorage_identity.");
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
