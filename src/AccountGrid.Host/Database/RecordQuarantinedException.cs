namespace AccountGrid.Host.Database;

/// <summary>A record threw in the fold. It is quarantined; whoever folds next starts from the stored states and passes it over.</summary>
public sealed class RecordQuarantinedException(int partition, long position, Exception cause)
    : Exception($"Record {position} of partition {partition} cannot be folded: {cause.Message}", cause);
