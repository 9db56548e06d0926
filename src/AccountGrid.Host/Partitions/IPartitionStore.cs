using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Partitions;

namespace AccountGrid.Host.Partitions;

/// <summary>
/// What a partition stores and loads. The grid's is <see cref="PartitionStore"/>; the simulation has one whose every step it can delay, lose or cut off.
/// </summary>
internal interface IPartitionStore
{
    /// <summary>Partitions that load and replay at once in this process: more would only slow each other down.</summary>
    SemaphoreSlim Opening { get; }

    /// <summary>Takes a partition from whoever has it: whatever that one still writes is refused from here on.</summary>
    Task<PartitionLease> TakeAsync(int partition, string owner);

    /// <summary>
    /// Where the two flushes stand, under the row's lock, so that nothing of this partition is under way, and on which timeline the server is. Throws
    /// <see cref="Database.FencedException"/> if another has the partition.
    /// </summary>
    Task<(long Effects, long States, int Timeline)> PositionsAsync(PartitionLease lease);

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
