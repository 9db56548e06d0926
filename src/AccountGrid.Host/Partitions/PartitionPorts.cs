using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Accounts;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.Host.Partitions;

/// <summary>What a partition stores and loads. The grid's is <see cref="PartitionStore"/>; the simulation has one whose every step it can delay, lose or cut off.</summary>
internal interface IPartitionStore
{
    /// <summary>Partitions that load and replay at once in this process: more would only slow each other down.</summary>
    SemaphoreSlim Opening { get; }

    /// <summary>Takes a partition from whoever has it: whatever that one still writes is refused from here on.</summary>
    Task<PartitionLease> TakeAsync(int partition, string owner);

    Task<(long Effects, long States)> PositionsAsync(PartitionLease lease);

    Task<PartitionState> LoadAsync(PartitionLease lease, CancellationToken cancel);

    Task<Dictionary<long, int>> QuarantinedAsync(int partition);

    /// <summary>Whether something that was quarantined waits for a person.</summary>
    Task<bool> HasOpenQuarantineAsync(int partition);

    /// <param name="isDivided">Nobody has to look at it: what it was to do was appended again in parts.</param>
    Task QuarantineAsync(PartitionLease lease, long position, int count, string cause, bool isDivided);

    Task<List<DayRow>> LoadDaysAsync(int partition, DaysNeeded needed);

    Task<CommandOutcome?> OutcomeAsync(int partition, long position);

    Task FlushStatesAsync(PartitionLease lease, long from, long to, StateSnapshot snapshot);
}

/// <summary>Where a fold's effects are written, fenced.</summary>
internal interface IEffectsWriter
{
    Task WriteAsync(PartitionLease lease, long from, long to, Effects effects);
}

/// <summary>The log as a partition sees it.</summary>
internal interface IPartitionLog
{
    Task<AppendResult[]> AppendAsync(IReadOnlyList<LogAppend> appends);

    Task<LogBatch?> ReadAsync(int partition, long from, int bytesMax);

    Task TrimAsync(int partition, long before, DateTimeOffset olderThan);

    long LastKnownHead(int partition);
}

/// <summary>The definitions that the fold decides by.</summary>
internal readonly record struct FoldCatalogs(Func<int, Tariff> Tariff, Func<int, int, Policy?> Policy);

/// <summary>The PostgreSQL log as a partition's.</summary>
internal sealed class PartitionLog(PostgresLog log) : IPartitionLog
{
    public Task<AppendResult[]> AppendAsync(IReadOnlyList<LogAppend> appends) => log.AppendAsync(appends);

    public Task<LogBatch?> ReadAsync(int partition, long from, int bytesMax) => log.ReadAsync(partition, from, bytesMax);

    public Task TrimAsync(int partition, long before, DateTimeOffset olderThan) => log.TrimAsync(partition, before, olderThan);

    public long LastKnownHead(int partition) => log.LastKnownHead(partition);
}
