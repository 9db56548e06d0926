using Npgsql;

namespace AccountGrid.Streams.Postgres;

/// <summary>
/// Which server keeps which partition's log. A partition is wholly on one server, so its order and its keys are that server's; appends to partitions of
/// several servers are several transactions.
/// </summary>
public sealed class LogServers
{
    private readonly NpgsqlDataSource[] _servers;
    private readonly int[] _serverOf;
    private readonly ServerTimeline[]? _timelines;

    /// <param name="servers">The servers; the log's tables are in each.</param>
    /// <param name="serverOf">For each partition the index of its server, 0 to one less than their number.</param>
    /// <param name="timelines">For each server the timeline that its data source was built by; null where none is watched.</param>
    /// <exception cref="ArgumentException">A partition has a server that is not among them, or a server has no timeline.</exception>
    public LogServers(IReadOnlyList<NpgsqlDataSource> servers, IReadOnlyList<int> serverOf, IReadOnlyList<ServerTimeline>? timelines = null)
    {
        if (timelines is not null && timelines.Count != servers.Count)
        {
            throw new ArgumentException($"{servers.Count} servers have {timelines.Count} timelines.", nameof(timelines));
        }

        for (var p = 0; p < serverOf.Count; p++)
        {
            if (serverOf[p] < 0 || serverOf[p] >= servers.Count)
            {
                throw new ArgumentException($"Partition {p} is on server {serverOf[p]}, which is not one of 0 to {servers.Count - 1}.", nameof(serverOf));
            }
        }

        _servers = [.. servers];
        _serverOf = [.. serverOf];
        _timelines = timelines?.ToArray();
    }

    /// <summary>Number of servers.</summary>
    public int Count => _servers.Length;

    /// <summary>All partitions on one server.</summary>
    public static LogServers One(NpgsqlDataSource server, int partitions) => new([server], new int[partitions]);

    /// <summary>A server by its index.</summary>
    public NpgsqlDataSource this[int server] => _servers[server];

    /// <summary>Index of a partition's server.</summary>
    public int IndexOf(int partition) => _serverOf[partition];

    /// <summary>The latest timeline of a server that was met; null where nothing watches it.</summary>
    public ServerTimeline? TimelineOf(int server) => _timelines?[server];

    /// <summary>A partition's server.</summary>
    public NpgsqlDataSource Of(int partition) => _servers[_serverOf[partition]];
}
