using AccountGrid.Domain;
using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Cli;

/// <summary>The verb <c>upgrade</c>: what the grid's processes read and write, and the step after which one cannot go back.</summary>
internal static class UpgradeCommand
{
    /// <summary>Says what is in force and who stands against more. Status 1 where <c>upgrade finish</c> would be refused.</summary>
    public static async Task<int> StatusAsync(string? folder, TextWriter says, CancellationToken cancel)
    {
        await using var database = await OpenAsync(folder, says);
        await using var connection = await database.OpenConnectionAsync(cancel);
        var (inForce, silos) = (await FormatStore.ReadAsync(database, cancel), await FormatStore.SilosAsync(connection, cancel));
        await says.WriteLineAsync($"In force    format version {inForce?.ToString() ?? "none: no process has served this grid yet"}");
        await says.WriteLineAsync($"This build  {BuildInfo.Version} reads format versions 1 to {FormatVersion.Newest}");
        foreach (var silo in silos)
        {
            await says.WriteLineAsync($"Silo        {Text(silo)}");
        }

        var against = silos.FindAll(s => !FormatStore.CanRead(s));
        await says.WriteLineAsync(
            inForce is null ? "The first start brings this build's newest format version into force."
                : inForce > FormatVersion.Newest ? "The upgrade to a later release was finished: this build cannot serve the grid."
                : inForce == FormatVersion.Newest ? "There is nothing to finish."
                : against.Count == 0
                ? $"'accountgrid upgrade finish' would bring format version {FormatVersion.Newest} into force. There is no way back."
                : Refusal(against));
        return inForce > FormatVersion.Newest || (inForce < FormatVersion.Newest && against.Count > 0) ? 1 : 0;
    }

    /// <summary>
    /// Brings this build's newest format version into force. Status 1 where a silo of an older build is still there; then nothing has changed.
    /// </summary>
    public static async Task<int> FinishAsync(string? folder, string[] gone, TextWriter says, CancellationToken cancel)
    {
        await using var database = await OpenAsync(folder, says);
        var (before, against) = await FormatStore.FinishAsync(database, gone, cancel);
        var nothing = before is null || before == FormatVersion.Newest;
        await says.WriteLineAsync(
            before is null ? "No process has served this grid yet: the first start brings its build's newest format version into force."
                : nothing ? $"Nothing to do: format version {before} is in force, the newest that this build, {BuildInfo.Version}, reads."
                : against.Count > 0 ? Refusal(against)
                : $"Format version {FormatVersion.Newest} is in force, {before} was before. All processes write it within seconds. Builds that do not read it "
                    + "no longer start.");
        return !nothing && against.Count > 0 ? 1 : 0;
    }

    private static string Refusal(List<SiloBuild> against) =>
        $"The upgrade cannot be finished: {against.Count} silo(s) do not read format version {FormatVersion.Newest}: "
            + $"{string.Join("; ", against.Select(Text))}. Stop them, or bring them to this build. One that ended while no other silo ran is named "
            + "with --gone.";

    private static string Text(SiloBuild silo) => silo.Reads is { } reads
        ? $"{silo.Silo}, {silo.Version}, reads 1 to {reads}, last alive at {silo.AliveAt:u}"
        : $"{silo.Silo} has not said which build it is of, last alive at {silo.AliveAt:u}";

    private static async Task<NpgsqlDataSource> OpenAsync(string? folder, TextWriter says)
    {
        var connectionString = await AuditCommand.ConnectionStringAsync(new DataFolder(folder));
        await DatabaseWait.ForChangesAsync(connectionString, "ConnectionStrings__AccountGrid", TimeSpan.Zero, TimeProvider.System, says.WriteLine);
        return NpgsqlDataSource.Create(ConnectionBudget.Limit(PostgresDatabase.Safe(connectionString), 2));
    }
}
