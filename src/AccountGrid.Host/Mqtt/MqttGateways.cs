using System.Collections.Concurrent;
using AccountGrid.Domain;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Mqtt;

/// <summary>Numbers of the gateways that topics name. A number never changes; a gateway that is not registered is asked for again soon.</summary>
internal sealed class MqttGateways(GridDirectory directory, TimeProvider time)
{
    private static readonly TimeSpan UnknownFor = TimeSpan.FromSeconds(1);

    /// <summary>Unknown ids remembered; topics are their senders' to choose.</summary>
    private const int UnknownMax = 10_000;

    private readonly ConcurrentDictionary<string, int> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _unknown = new(StringComparer.Ordinal);

    /// <summary>The gateway's number; 0 where it is not registered. Throws what the database throws.</summary>
    public async ValueTask<int> FindAsync(string id)
    {
        if (_known.TryGetValue(id, out var number))
        {
            return number;
        }

        if (!Ids.IsValid(id) || (_unknown.TryGetValue(id, out var at) && time.GetElapsedTime(at) < UnknownFor))
        {
            return 0;
        }

        if ((await directory.FindGatewaysAsync([id])).TryGetValue(id, out number))
        {
            return _known[id] = number;
        }

        if (_unknown.Count >= UnknownMax)
        {
            _unknown.Clear();
        }

        _unknown[id] = time.GetTimestamp();
        return 0;
    }
}
