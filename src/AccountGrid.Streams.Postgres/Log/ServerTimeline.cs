using Npgsql;

namespace AccountGrid.Streams.Postgres;

/// <summary>
/// The latest timeline of a data source's servers. A standby that is promoted begins a later timeline, and may lack what only the server before it had. Each
/// new connection is asked for it, and one to a server that was replaced is refused, also where that server does not know it yet. This leads a process to the
/// right server. What must not be wrong asks in its own statement: <see cref="Sql"/>. Source: PostgreSQL, continuous archiving, timelines.
/// </summary>
public sealed class ServerTimeline
{
    /// <summary>
    /// An expression: the timeline of the write-ahead log that the server writes now; 0 of a standby. A session on a primary has one for as long as it lasts.
    /// </summary>
    public const string Sql =
        "(select case when pg_is_in_recovery() then 0 else ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int end)";

    private const string AskSql = "select " + Sql;

    private readonly Lock _lock = new();
    private NpgsqlDataSource? _source;
    private volatile int _latest;

    /// <summary>Raised when a later timeline was met, with it. Handlers must be quick.</summary>
    public event Action<int>? Changed;

    /// <summary>The latest timeline met; 0 before the first connection.</summary>
    public int Latest => _latest;

    /// <summary>The data source, whose connections are asked from now on. Once.</summary>
    public NpgsqlDataSource Build(NpgsqlDataSourceBuilder builder)
    {
        builder.UsePhysicalConnectionInitializer(Ask, AskAsync);
        return _source = builder.Build();
    }

    /// <summary>
    /// Takes note of a server's timeline, and has the pool give up what is connected to the server before it. Throws <see cref="NpgsqlException"/> where the
    /// server was replaced.
    /// </summary>
    /// <param name="server">What names the server in the message.</param>
    public void See(int timeline, string server)
    {
        lock (_lock)
        {
            if (timeline == 0 || timeline == _latest)
            {
                return;
            }

            if (timeline < _latest)
            {
                // What is behind it has Npgsql pass the server over for a while.
                throw new NpgsqlException($"{server} was replaced.", new IOException($"It is on timeline {timeline}, and {_latest} has begun."));
            }

            var isFirst = _latest == 0;
            _latest = timeline;
            if (isFirst)
            {
                return;
            }
        }

        _source?.Clear();
        Changed?.Invoke(timeline);
    }

    private void Ask(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(AskSql, connection);
        See((int)command.ExecuteScalar()!, NameOf(connection));
    }

    private async Task AskAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(AskSql, connection);
        See((int)(await command.ExecuteScalarAsync())!, NameOf(connection));
    }

    private static string NameOf(NpgsqlConnection connection) => $"PostgreSQL server {connection.Host}:{connection.Port}";
}
