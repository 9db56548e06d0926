using AccountGrid.Testing;
using Npgsql;

namespace AccountGrid.Host.Tests.Grpc;

/// <summary>Holds the heads of the log, so that no append can commit.</summary>
internal sealed class HeldCommits : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database;
    private readonly NpgsqlConnection _connection;

    private HeldCommits(NpgsqlDataSource database, NpgsqlConnection connection) => (_database, _connection) = (database, connection);

    public static async Task<HeldCommits> TakeAsync(NpgsqlDataSource database)
    {
        var connection = await database.OpenConnectionAsync();
        await using var command = new NpgsqlCommand("begin; lock table log_head in exclusive mode", connection);
        await command.ExecuteNonQueryAsync();
        return new HeldCommits(database, connection);
    }

    /// <summary>Waits until appends wait.</summary>
    public Task WaitAsync(int appends = 1) => Eventually.GetAsync(CountAsync, n => n >= appends, $"{appends} appends wait");

    /// <summary>Ends the connections of the appends that wait.</summary>
    public async Task BreakAsync()
    {
        await using var command = _database.CreateCommand(
            "select pg_terminate_backend(pid) from pg_locks where relation = 'log_head'::regclass and not granted");
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await using (var command = new NpgsqlCommand("rollback", _connection))
        {
            await command.ExecuteNonQueryAsync();
        }

        await _connection.DisposeAsync();
    }

    private async Task<long> CountAsync()
    {
        await using var command = _database.CreateCommand("select count(*) from pg_locks where relation = 'log_head'::regclass and not granted");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
