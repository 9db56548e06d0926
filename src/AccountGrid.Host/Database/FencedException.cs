namespace AccountGrid.Host.Database;

/// <summary>Another activation has the partition now: drop everything.</summary>
public sealed class FencedException(int partition, long epoch) : Exception($"Partition {partition} was taken from epoch {epoch}; nothing was written.");
