using AccountGrid.Host.Database;
using AccountGrid.Host.Hosting;
using AccountGrid.Host.Policies;
using AccountGrid.Host.Rating;
using AccountGrid.Streams.Postgres;
using Npgsql;

namespace AccountGrid.Host.Cli;

/// <summary>The verb <c>doctor</c>: the same checks on a grid's database, whether the grid runs or not.</summary>
internal static class DoctorCommand
{
    public static async Task<int> RunAsync(string? folder, CancellationToken cancel)
    {
        var data = new DataFolder(folder);
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var options = Settings.Of<GridOptions>(configuration, "Grid");
        var connectionString = await AuditCommand.ConnectionStringAsync(data);
        await DatabaseWait.ForChangesAsync(connectionString, "ConnectionStrings__AccountGrid", TimeSpan.Zero, TimeProvider.System, Console.WriteLine);
        await FormatStore.CheckAsync(connectionString);
        await using var database = NpgsqlDataSource.Create(ConnectionBudget.Limit(PostgresDatabase.Safe(connectionString), 2));
        var doctor = new Doctor(database, new TariffCatalog(database), new PolicyCatalog(database, TimeProvider.System), data, options, TimeProvider.System);
        var further = Settings.Of<LogOptions>(configuration, "Log").Servers.Select(s => NpgsqlDataSource.Create(PostgresDatabase.Safe(s))).ToList();
        var (standbys, _) = await StandbyWatch.AskAsync(new LogServers([database, .. further], []), options.SynchronousStandbys, cancel);
        further.ForEach(s => s.Dispose());
        List<DoctorFinding> findings = [.. await doctor.RunAsync(cancel), .. standbys];
        foreach (var finding in findings)
        {
            Console.WriteLine($"{finding.Code}: {finding.Detail}");
        }

        Console.WriteLine(findings.Count == 0 ? "Calendars, tariffs, disk, connections and standbys are in order." : $"{findings.Count} finding(s).");
        return findings.Count == 0 ? 0 : 1;
    }
}
