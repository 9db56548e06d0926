using AccountGrid.Streams.Postgres;

namespace AccountGrid.Host.Partitions;

/// <summary>The log as a partition sees it.</summary>
internal interface IPartitionLog
{
    Task<AppendResult[]> AppendAsync(IReadOnlyList<LogAppend> appends);

    Task<LogBatch?> ReadAsync(int partition, long from, int bytesMax);

    Task TrimAsync(int partition, long before, DateTimeOffset olderThan);

    long LastKnownHead(int partition);

    /// <summary>Whether the log is on a further server, and not with the states and effects.</summary>
    bool IsApart(int partition);
}

/// <summary>The PostgreSQL log as a partition's.</summary>
internal sealed class PartitionLog(PostgresLog log) : IPartitionLog
{
    public Task<AppendResult[]> AppendAsync(IReadOnlyList<LogAppend> appends) => log.AppendAsync(appends);

    public Task<LogBatch?> ReadAsync(int partition, long from, int bytesMax) => log.ReadAsync(partition, from, bytesMax);

    public Task TrimAsync(int partition, long before, DateTimeOffset olderThan) => log.TrimAsync(partition, before, olderThan);

    public long LastKnownHead(int partition) => log.LastKnownHead(partition);

    public bool IsApart(int partition) => log.Servers.IndexOf(partition) != 0;
}
