using System.Collections.Concurrent;
using AccountGrid.Contracts;

namespace AccountGrid.Host.Security;

/// <summary>What was found under keys' ids. Thread-safe.</summary>
internal sealed class KeyMemory
{
    /// <summary>
    /// Ids without a key that are remembered: a flood of made-up ones fills no more memory, and pushes out no key. Keys that exist are all remembered: each
    /// gateway has its own, and there is one for some two hundred meters.
    /// </summary>
    public const int UnknownMax = 10_000;

    private readonly ConcurrentDictionary<string, ApiKeyRecord> _known = new();
    private readonly ConcurrentDictionary<string, byte> _unknown = new();
    private readonly Lock _changing = new();
    private long _change;

    /// <summary>The number of the last change of any key that is known of; what is found later is remembered only while it stays.</summary>
    public long Change
    {
        get
        {
            lock (_changing)
            {
                return _change;
            }
        }
    }

    /// <summary>Forgets everything if some key was changed since.</summary>
    public void MoveTo(long change)
    {
        lock (_changing)
        {
            if (_change != change)
            {
                _change = change;
                Forget();
            }
        }
    }

    /// <param name="record">Null where it is remembered that there is no such key.</param>
    public bool TryFind(string id, out ApiKeyRecord? record) => _known.TryGetValue(id, out record) || _unknown.ContainsKey(id);

    /// <param name="record">What was found; null is no such key.</param>
    /// <param name="change">The <see cref="Change"/> before it was looked for: if there was another since, it may be out of date and is not remembered.</param>
    public void Remember(string id, ApiKeyRecord? record, long change)
    {
        lock (_changing)
        {
            if (change == _change)
            {
                Remember(id, record);
            }
        }
    }

    private void Remember(string id, ApiKeyRecord? record)
    {
        if (record is not null)
        {
            _known[id] = record;
            return;
        }

        if (_unknown.Count >= UnknownMax)
        {
            _unknown.Clear();
        }

        _unknown[id] = 0;
    }

    public void Forget(string id)
    {
        lock (_changing)
        {
            _known.TryRemove(id, out _);
            _unknown.TryRemove(id, out _);
        }
    }

    public void Forget()
    {
        lock (_changing)
        {
            _known.Clear();
            _unknown.Clear();
        }
    }
}
