using AccountGrid.Host.Audit;
using AccountGrid.Host.Database;
using AccountGrid.Host.Hosting;
using AccountGrid.Host.Security;
using Npgsql;

namespace AccountGrid.Host.Cli;

/// <summary>The verb: brings a grid to rest at its log's end, audits its books, says what was found. Status 1 on any difference.</summary>
internal static class AuditCommand
{
    private const int DifferencesShown = 50;

    public static async Task<int> RunAsync(string? data, string? url, string? key, string[] heads, CancellationToken cancel)
    {
        await using var session = await GridSession.OpenAsync(data, url, key, Console.WriteLine);
        var checkpoint = await session.Client.PostAsync<CheckpointAnswer>("/v1/operations/checkpoint", new { });
        return await RunAsync(session.Data, heads, grid => grid == checkpoint.Grid
            ? null
            : $"The grid at {session.Client.Url} does not work on the database that was found: give its --data folder, or its connection string in "
                + "ConnectionStrings__AccountGrid.", cancel);
    }

    /// <summary>Audits a database on which no grid runs, and starts none: what waits in it to be sent stays there.</summary>
    public static async Task<int> RunStoredAsync(string? data, string[] heads, CancellationToken cancel) =>
        await RunAsync(new DataFolder(data), heads, _ => null, cancel);

    /// <param name="refuse">Why the grid of this id is not to be audited; null where it is.</param>
    private static async Task<int> RunAsync(DataFolder data, string[] heads, Func<Guid, string?> refuse, CancellationToken cancel)
    {
        var connectionString = await ConnectionStringAsync(data);
        await FormatStore.CheckAsync(PostgresDatabase.Safe(connectionString));
        await using var database = PostgresDatabase.Open(connectionString);
        await using var identify = database.CreateCommand("select id, (select count(*)::int from partition) from grid");
        await using var reader = await identify.ExecuteReaderAsync(cancel);
        var (grid, partitions) = await reader.ReadAsync(cancel)
            ? (reader.GetGuid(0), reader.GetInt32(1))
            : throw new StartException("The database has no grid: table grid is empty.");
        await reader.DisposeAsync();
        if (refuse(grid) is { } reason)
        {
            throw new StartException(reason);
        }

        var servers = await LogServerMap.OpenAsync(database,
            Settings.Of<LogOptions>(new ConfigurationBuilder().AddEnvironmentVariables().Build(), "Log").Servers, partitions);
        var (witness, why) = await WitnessAsync(data, database, grid, heads);
        var report = await new Auditor(servers, witness).RunAsync().WaitAsync(cancel);
        Print(report, witness, why);
        return report.Differences.Count == 0 ? 0 : 1;
    }

    /// <summary>What there is outside the database: the file of heads in the data folder, and further ones; or why it cannot be compared.</summary>
    private static async Task<(AuditWitness? Witness, string Why)> WitnessAsync(DataFolder data, NpgsqlDataSource database, Guid grid, string[] heads)
    {
        var own = data.In(TrailHeadsFile.Name);
        var files = File.Exists(own) ? [own, .. heads] : heads;
        var security = Settings.Of<SecurityOptions>(new ConfigurationBuilder().AddEnvironmentVariables().Build(), "Security");
        if (!PersonalData.HasKey(security, data))
        {
            return files.Length == 0
                ? (null, $"{own} is not there")
                : throw new StartException($"Security__PersonalDataKey: needed to read {files[0]}, and {data.Root} holds none either.");
        }

        var secret = await GridSecret.OpenAsync(database, PersonalData.Open(security, data));
        return (AuditWitness.Read(secret, grid, files), files.Length == 0 ? $"{own} is not there" : $"from {string.Join(", ", files)}");
    }

    /// <summary>
    /// The grid's database: the configured one, or the private one of its data folder. Throws <see cref="StartException"/> if there is neither.
    /// </summary>
    internal static async Task<string> ConnectionStringAsync(DataFolder data) =>
        new ConfigurationBuilder().AddEnvironmentVariables().Build().GetConnectionString("AccountGrid")
        ?? (await EmbeddedPostgres.FindRunningAsync(data))?.ConnectionString
        ?? throw new StartException($"No database: {data.Root} holds none that runs, and ConnectionStrings__AccountGrid is not set.");

    private static void Print(AuditReport r, AuditWitness? witness, string why)
    {
        Console.WriteLine($"partitions        {r.Partitions,20} ({r.WholeLogs} with their whole log)");
        Console.WriteLine($"accounts          {r.Accounts,20}");
        Console.WriteLine($"meters            {r.Meters,20}");
        Console.WriteLine($"readings applied  {r.Readings,20}");
        Console.WriteLine($"beyond this audit {r.Unaudited,20} records that came meanwhile");
        Console.WriteLine($"energy in         {r.EnergyInWh,20} Wh");
        Console.WriteLine($"energy charged    {r.EnergyChargedWh,20} Wh");
        Console.WriteLine($"energy held       {r.EnergyHeldWh,20} Wh");
        Console.WriteLine($"money charged     {r.MoneyCharged,20:0.000000000}");
        Console.WriteLine($"money credited    {r.MoneyCredited,20:0.000000000}");
        Console.WriteLine($"balances          {r.Balances,20:0.000000000}");
        Console.WriteLine($"trail's heads     {witness?.Heads.Count ?? 0,20} recorded outside the database ({why})");
        Console.WriteLine($"differences       {r.Differences.Count,20}");
        foreach (var difference in r.Differences.Take(DifferencesShown))
        {
            Console.WriteLine($"  {difference}");
        }
    }
}
