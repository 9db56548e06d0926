using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Mqtt;

/// <summary>
/// One process at a time uses a client id at the broker: two would end each other's connection for ever. The lock is PostgreSQL's, of a session, so that it
/// ends with the process that has it; whoever loses the session stops at once. The server ends a session that has asked nothing for a while: of a machine
/// without power or network it would hear nothing for hours.
/// </summary>
internal sealed class ClientLease(NpgsqlDataSource database, string clientId, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    /// <summary>The server ends a session that is silent for so long, ms: several periods, and longer than the holder itself waits for an answer.</summary>
    internal const int SilenceMs = 15_000;

    /// <summary>Waits until no other process has the client id, then does the work until it ends or the lock is lost.</summary>
    /// <param name="standingBy">Called while another process has it.</param>
    public async Task HoldAsync(Func<CancellationToken, Task> work, Action standingBy, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        try
        {
            await HoldAsync(connection, work, standingBy, stop);
        }
        finally
        {
            await GiveBackAsync(connection);
        }
    }

    private async Task HoldAsync(NpgsqlConnection connection, Func<CancellationToken, Task> work, Action standingBy, CancellationToken stop)
    {
        await AskAsync(connection, $"select set_config('idle_session_timeout', '{SilenceMs}', false) is not null and $1 is not null", stop);
        while (!await AskAsync(connection, "select pg_try_advisory_lock(hashtext($1))", stop))
        {
            standingBy();
            await Task.Delay(Period, time, stop);
        }

        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var working = work(lost.Token);
        try
        {
            while (!working.IsCompleted && !stop.IsCancellationRequested)
            {
                await Task.WhenAny(working, Task.Delay(Period, time, stop));
                await AskAsync(connection, "select $1 is not null", CancellationToken.None);
            }
        }
        finally
        {
            await lost.CancelAsync();
            await working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await working;
    }

    /// <summary>A connection of the pool waits there longer than the server would now allow, and must not keep the lock.</summary>
    private static async Task GiveBackAsync(NpgsqlConnection connection)
    {
        try
        {
            await using var command = new NpgsqlCommand("select pg_advisory_unlock_all(); reset idle_session_timeout", connection) { CommandTimeout = 5 };
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception e) when (PassingFaults.Is(e) || connection.State != System.Data.ConnectionState.Open)
        {
            // The session has ended, and with it both.
        }
    }

    private async Task<bool> AskAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 5 };
        Statements.Add(command, $"mqtt:{clientId}");
        return await command.ExecuteScalarAsync(cancel) is true;
    }
}
