using Npgsql;

namespace AccountGrid.Host.Database;

/// <summary>What a start does with its databases before anything else: waits for them, brings the schema up, and shares their connections out.</summary>
internal static class GridDatabase
{
    /// <summary>
    /// The connection strings that this silo works with: the grid's own, Orleans', and those of further log servers, each with its largest pool size. Throws
    /// <see cref="StartException"/> with one line.
    /// </summary>
    public static async Task<(string Main, string Orleans, IReadOnlyList<string> Further)> PrepareAsync(string connectionString, IReadOnlyList<string> further,
        GridOptions options, Action<string> say)
    {
        var patience = TimeSpan.FromSeconds(options.DatabaseWaitSeconds);
        await DatabaseWait.ForChangesAsync(connectionString, "ConnectionStrings__AccountGrid", patience, TimeProvider.System, say);
        await ServerReplication.CheckAsync(connectionString, "ConnectionStrings__AccountGrid", options.SynchronousStandbys);
        for (var i = 0; i < further.Count; i++)
        {
            await DatabaseWait.ForChangesAsync(further[i], $"Log__Servers__{i}", patience, TimeProvider.System, say);
            await ServerReplication.CheckAsync(further[i], $"Log__Servers__{i}", options.SynchronousStandbys);
        }

        var main = PostgresDatabase.Safe(connectionString);
        further = [.. further.Select(PostgresDatabase.Safe)];
        await FormatStore.CheckAsync(main);
        await PostgresDatabase.MigrateAsync(main, options.Partitions);
        await FormatStore.BeginAsync(main);

        // Two logs on one server share what it allows.
        var places = further.Append(main).Select(Place).ToList();
        int OnOneServer(string text) => options.Silos * places.Count(p => p == Place(text));
        var own = await ConnectionBudget.AskAsync(main, OnOneServer(main));
        var limited = new string[further.Count];
        for (var i = 0; i < further.Count; i++)
        {
            var share = await ConnectionBudget.AskAsync(further[i], OnOneServer(further[i]));
            limited[i] = ConnectionBudget.Limit(further[i], share.Main);
        }

        return (ConnectionBudget.Limit(main, own.Main), ConnectionBudget.Limit(main, own.Orleans), limited);
    }

    private static string Place(string connectionString) => SeveralServers.Text(new NpgsqlConnectionStringBuilder(connectionString));
}
