using Dapper;
using Npgsql;

namespace AccountGrid.Host.DirectDebit;

/// <summary>The right to make a run. It ends with its connection, however the process ends.</summary>
internal sealed class DebitRunLock(NpgsqlConnection connection, string run) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await using (connection)
        {
            await connection.ExecuteAsync("select pg_advisory_unlock(hashtext(@run))", new { run });
        }
    }
}
