using Npgsql;

namespace AccountGrid.Streams.Postgres;

/// <summary>
/// Listens on a connection for PostgreSQL's word that it gave up waiting for a synchronous standby. A commit whose wait is cancelled is answered as a success
/// with a warning, and is on the server's own disk only: it must count as a commit whose outcome is not known. Npgsql cancels by itself what takes too long.
/// Source: PostgreSQL, SyncRepWaitForLSN.
/// </summary>
public sealed class StandbyWait
{
    private volatile bool _isGivenUp;

    public StandbyWait(NpgsqlConnection connection) => connection.Notice += (_, e) => Hear(e.Notice.InvariantSeverity, e.Notice.SqlState);

    /// <summary>
    /// Throws <see cref="NpgsqlException"/> if the server has given up waiting since the last call. Call it once a commit's answer is read to its end.
    /// </summary>
    public void EnsureKept()
    {
        if (_isGivenUp)
        {
            _isGivenUp = false;
            throw new NpgsqlException("The wait for a synchronous standby was cancelled: what was committed is on one server only.",
                new TimeoutException("No standby confirmed the commit."));
        }
    }

    /// <summary>The warning has no code of its own, and its text may be translated; none of the grid's commits has another one.</summary>
    internal void Hear(string severity, string sqlState) => _isGivenUp |= severity == "WARNING" && sqlState == PostgresErrorCodes.Warning;
}
