namespace AccountGrid.Host.Partitions;

/// <summary>Log lines of partitions, each with a stable id.</summary>
internal static partial class PartitionMessages
{
    [LoggerMessage(2001, LogLevel.Debug, "Partition {Partition} opened at epoch {Epoch}: folded from {From} to {To}.")]
    public static partial void Opened(ILogger logger, int partition, long epoch, long from, long to);

    [LoggerMessage(2002, LogLevel.Warning, "Partition {Partition} at epoch {Epoch} could not flush; its memory is dropped.")]
    public static partial void Lost(ILogger logger, int partition, long epoch, Exception cause);

    [LoggerMessage(2003, LogLevel.Error, "Partition {Partition}: {Count} record(s) from {Position} cannot be folded and are quarantined.")]
    public static partial void Quarantined(ILogger logger, int partition, long position, int count, Exception cause);

    [LoggerMessage(2009, LogLevel.Error, "Partition {Partition} waits for a process of the later release: {Cause}")]
    public static partial void WrittenLater(ILogger logger, int partition, string cause);

    [LoggerMessage(2004, LogLevel.Warning, "Partition {Partition}: background work failed; trying again.")]
    public static partial void BackgroundFailed(ILogger logger, int partition, Exception cause);

    [LoggerMessage(2010, LogLevel.Warning,
        "Partition {Partition} at epoch {Epoch}: the database server was replaced, and what was folded from {From} to {To} cannot be told to be in its log. "
        + "The memory is dropped and loaded again.")]
    public static partial void NotInLog(ILogger logger, int partition, long epoch, long from, long to);

    [LoggerMessage(2005, LogLevel.Warning, "Partition {Partition} at epoch {Epoch}: a flush failed on its way; the database is asked whether it happened.")]
    public static partial void FlushAgain(ILogger logger, int partition, long epoch, Exception cause);
}
