namespace AccountGrid.Host.Mqtt;

/// <summary>
/// What a Sparkplug edge node's births have said on this connection: the name and type behind each alias, by device. Only in memory, and only while no message
/// of the node is missing: births are sent without a promise, and an alias of an earlier birth can mean another register. One caller at a time.
/// </summary>
internal sealed class SparkplugNode
{
    private const ulong Sequences = 256;

    private readonly Dictionary<string, IReadOnlyDictionary<ulong, SparkplugAlias>> _devices = new(StringComparer.Ordinal);
    private ulong? _last;

    /// <summary>Whether the node should be asked for its births.</summary>
    public bool NeedsBirth { get; set; }

    /// <summary>The aliases of a device since its last birth; null where that was not seen.</summary>
    public IReadOnlyDictionary<ulong, SparkplugAlias>? Find(string device) => _devices.GetValueOrDefault(device);

    public void Put(string device, IReadOnlyDictionary<ulong, SparkplugAlias> aliases) => _devices[device] = aliases;

    public void Forget(string device) => _devices.Remove(device);

    /// <summary>The node was born, or died: its aliases mean something else from now on.</summary>
    public void Begin(ulong? sequence)
    {
        _devices.Clear();
        _last = sequence;
        NeedsBirth = false;
    }

    /// <summary>Counts a message. Where one is missing before it, all that births said is forgotten.</summary>
    public void Count(ulong? sequence)
    {
        if (_last is { } last && sequence != (last + 1) % Sequences)
        {
            _devices.Clear();
        }

        _last = sequence;
    }
}
