using System.Collections.Concurrent;

namespace AccountGrid.Host.Telemetry;

/// <summary>How far each partition of this process is behind its log, for whoever asks from another thread.</summary>
internal sealed class PartitionPositions
{
    private readonly ConcurrentDictionary<int, Func<long>> _lags = new();

    /// <summary>Partitions that are active here, with the records that their logs are known to have and that are not folded yet.</summary>
    public IEnumerable<(int Partition, long Lag)> Lags => _lags.Select(l => (l.Key, Math.Max(0, l.Value())));

    public int Count => _lags.Count;

    public void Add(int partition, Func<long> lag) => _lags[partition] = lag;

    /// <summary>Removes a partition, unless another activation has taken its place.</summary>
    public void Remove(int partition, Func<long> lag) => _lags.TryRemove(new(partition, lag));
}
