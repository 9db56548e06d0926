using System.Data.Common;
using Npgsql;

namespace AccountGrid.Host.Database;

/// <summary>A start waits for its database for a while, and says so once; a database that will not come for another reason ends it with one line.</summary>
internal static class DatabaseWait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>One attempt to connect; a server that does not answer is asked again.</summary>
    private const int ConnectSeconds = 3;

    /// <summary>
    /// Returns when the database answers and takes changes. Throws <see cref="StartException"/> if it does not within <paramref name="patience"/>, or refuses
    /// for good.
    /// </summary>
    /// <param name="setting">The setting that names the database, for the message.</param>
    public static async Task ForChangesAsync(string connectionString, string setting, TimeSpan patience, TimeProvider time, Action<string> say)
    {
        var builder = Read(connectionString, setting);
        var place = $"{SeveralServers.Text(builder)}, database {builder.Database ?? builder.Username}";
        var began = time.GetTimestamp();
        for (var isFirst = true; await WhyNotAsync(builder, setting, place) is { } reason; isFirst = false)
        {
            if (time.GetElapsedTime(began) >= patience)
            {
                throw new StartException($"{setting}: the database at {place} is not there after {patience.TotalSeconds:0} s: {reason}");
            }

            if (isFirst)
            {
                say($"Waiting up to {patience.TotalSeconds:0} s for the database at {place}: {reason}");
            }

            await Task.Delay(Pause, time);
        }
    }

    /// <summary>A connection string as it is understood. Throws <see cref="StartException"/> that names the setting and what is wrong with it.</summary>
    public static NpgsqlConnectionStringBuilder Read(string connectionString, string setting)
    {
        try
        {
            var read = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = ConnectSeconds, CommandTimeout = ConnectSeconds };
            SeveralServers.Check(read, setting);
            SeveralServers.AskForPrimary(read, new DbConnectionStringBuilder { ConnectionString = read.ConnectionString });
            return read;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new StartException(
                $"{setting}: {e.Message.ReplaceLineEndings(" ")} Right is such as Host=db;Database=accountgrid;Username=accountgrid;Password=...");
        }
    }

    private static async Task<string?> WhyNotAsync(NpgsqlConnectionStringBuilder builder, string setting, string place)
    {
        try
        {
            await using var connection = new NpgsqlConnection(builder.ConnectionString);
            await connection.OpenAsync();
            await using var ask = new NpgsqlCommand(PostgresDatabase.TakesChangesSql, connection);
            if (!(bool)(await ask.ExecuteScalarAsync())!)
            {
                return "it takes no changes: it is read-only, or a standby.";
            }

            return await ServerReplication.AskAsync(connection) is { WaitsForStandby: true } waits
                ? $"it waits for {waits.WaitedFor} synchronous standbys (synchronous_standby_names = '{waits.StandbyNames}'), "
                    + $"and {waits.Standbys} are connected."
                : null;
        }
        catch (Exception e) when (PassingFaults.Is(e) && !IsRefusal(e))
        {
            return PassingFaults.Text(e);
        }
        catch (Exception e) when (e is NpgsqlException or ArgumentException or InvalidOperationException)
        {
            throw new StartException($"{setting}: the database at {place} refuses: {PassingFaults.Text(e)}");
        }
    }

    /// <summary>What waiting does not change: a wrong name or password, a certificate that is not to be trusted.</summary>
    private static bool IsRefusal(Exception e) =>
        e is PostgresException { SqlState: ['2', '8', ..] } || e is NpgsqlException { InnerException: System.Security.Authentication.AuthenticationException };
}
