using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace AccountGrid.Host.Database;

/// <summary>How a PostgreSQL server replicates, as far as it decides what an acknowledgement is worth when the server is lost.</summary>
/// <param name="StandbyNames">Setting <c>synchronous_standby_names</c>; empty is no synchronous replication.</param>
/// <param name="Commit">Setting <c>synchronous_commit</c> of the grid's sessions.</param>
/// <param name="Standbys">Standbys that are connected and synchronous now.</param>
/// <param name="Hidden">Standbys of which the grid's role may not see whether they are synchronous: it needs <c>pg_monitor</c> for that.</param>
/// <param name="Off">Settings without which an acknowledged change does not survive a crash, and that are off.</param>
internal sealed partial record ServerReplication(string StandbyNames, string Commit, int Standbys, int Hidden, string Off = "")
{
    /// <summary>
    /// Standbys that a commit waits for: the number in <c>FIRST n (...)</c>, <c>ANY n (...)</c> or <c>n (...)</c>, one for a list of names, 0 where there are
    /// none. Source: PostgreSQL, synchronous_standby_names.
    /// </summary>
    public int WaitedFor => StandbyNames.Length == 0 ? 0
        : Number().Match(StandbyNames) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 1;

    /// <summary>No change would be acknowledged: a commit waits for more standbys than are there.</summary>
    public bool WaitsForStandby => Commit is not "local" and not "off" && Standbys + Hidden < WaitedFor;

    /// <summary>A commit does not wait until a standby has it on its disk.</summary>
    public bool CommitsLocally => Commit is "local" or "remote_write";

    public static async Task<ServerReplication> AskAsync(NpgsqlConnection connection, CancellationToken cancel = default)
    {
        const string Sql = """
            select current_setting('synchronous_standby_names'), current_setting('synchronous_commit'),
                (select count(*) filter (where sync_state in ('sync', 'quorum'))::int from pg_stat_replication),
                (select count(*) filter (where sync_state is null)::int from pg_stat_replication),
                (select coalesce(string_agg(name, ', ' order by name), '') from pg_settings
                  where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off')
            """;
        await using var ask = new NpgsqlCommand(Sql, connection);
        await using var reader = await ask.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return new ServerReplication(reader.GetString(0).Trim(), reader.GetString(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetString(4));
    }

    /// <summary>Why the server cannot keep what the operator promised; null where it can, as far as its settings say.</summary>
    /// <param name="promised">Standbys that an acknowledged change is on, beside the server: <see cref="GridOptions.SynchronousStandbys"/>.</param>
    public string? Problem(int promised) =>
        promised == 0
            ? null
            : StandbyNames.Length == 0
                ? $"Grid__SynchronousStandbys is {promised}, but the PostgreSQL server replicates synchronously to none (synchronous_standby_names is empty): "
                    + "what was acknowledged would be lost with the server. Name the standbys, or set Grid__SynchronousStandbys to 0."
                : WaitedFor < promised
                    ? $"Grid__SynchronousStandbys is {promised}, but a commit of the PostgreSQL server waits for {WaitedFor} "
                        + $"(synchronous_standby_names = '{StandbyNames}'): what was acknowledged may be on no more. Write ANY {promised} (...) there."
                : CommitsLocally
                    ? $"Grid__SynchronousStandbys is {promised}, but the PostgreSQL server has synchronous_commit = {Commit}: a commit does not wait until a "
                        + "standby has it on its disk. Set it on."
                    : null;

    [GeneratedRegex(@"^(?:(?:FIRST|ANY)\s+)?(\d+)\s*\(", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    /// <summary>Throws <see cref="StartException"/> where a server cannot keep what the operator promised.</summary>
    /// <param name="setting">The setting that names the database, for the message.</param>
    public static async Task CheckAsync(string connectionString, string setting, int promised)
    {
        await using var connection = new NpgsqlConnection(DatabaseWait.Read(connectionString, setting).ConnectionString);
        await connection.OpenAsync();
        if ((await AskAsync(connection)).Problem(promised) is { } problem)
        {
            throw new StartException($"{setting}: {problem}");
        }
    }
}
