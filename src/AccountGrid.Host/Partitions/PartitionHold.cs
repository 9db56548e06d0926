namespace AccountGrid.Host.Partitions;

/// <summary>What one activation knows of its hold on a partition. Shared by the parts of its <see cref="PartitionRunner"/>.</summary>
internal sealed class PartitionHold
{
    /// <summary>Under which everything is written.</summary>
    public PartitionLease Lease { get; set; }

    public int Partition => Lease.Partition;

    /// <summary>Set when the process is stopping: what cannot be flushed soon is replayed by the next.</summary>
    public bool IsClosing { get; set; }

    /// <summary>Whether another activation has taken the partition, or memory can no longer be trusted.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Whether memory was folded from records that the log does not have, so that who was told of it must forget it.</summary>
    public bool HasOtherLog { get; private set; }

    /// <summary>The partition is lost, and what was said of it may be wrong.</summary>
    public void LoseToOtherLog()
    {
        HasOtherLog = true;
        Lose();
    }

    /// <summary>Nothing of this activation's memory is used or written any more.</summary>
    public void Lose() => IsLost = true;

    /// <summary>Throws <see cref="InvalidOperationException"/> once the partition is lost.</summary>
    public void EnsureHeld()
    {
        if (IsLost)
        {
            throw new InvalidOperationException($"Partition {Partition} is no longer held.");
        }
    }
}
