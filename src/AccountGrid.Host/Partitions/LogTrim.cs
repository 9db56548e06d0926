using AccountGrid.Domain;
using AccountGrid.Domain.Partitions;
using AccountGrid.Host.Database;

namespace AccountGrid.Host.Partitions;

/// <summary>Cuts off what neither recovery nor an open day needs of a partition's log any more.</summary>
internal sealed class LogTrim(IPartitionStore store, IPartitionLog log, GridOptions options, TimeProvider time)
{
    /// <summary>How old a reading of a day can be that is not overdue to be closed, with an hour for clocks that differ.</summary>
    private TimeSpan OpenDaysMax => TimeSpan.FromMilliseconds(Limits.DayOpenMaxMs + (long)options.ClockDriftMs) + TimeSpan.FromHours(1);

    /// <summary>Cuts nothing while something that was quarantined waits for a person.</summary>
    /// <param name="state">The partition's.</param>
    /// <param name="stored">Up to where states are stored.</param>
    public async Task RunAsync(PartitionState state, long stored)
    {
        if (await store.HasOpenQuarantineAsync(state.Partition))
        {
            // What was quarantined is kept nowhere else, and neither is what days need that could not be closed for it.
            return;
        }

        var now = time.GetUtcNow();
        var before = Math.Min(stored, state.OldestNeeded(now.ToUnixTimeMilliseconds()));
        var kept = TimeSpan.FromHours(options.LogRetainHours);
        await log.TrimAsync(state.Partition, before, now - (kept > OpenDaysMax ? kept : OpenDaysMax));
    }
}
