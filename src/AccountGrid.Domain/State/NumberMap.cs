using System.Runtime.CompilerServices;

namespace AccountGrid.Domain.State;

/// <summary>
/// A map from numbers (1 or more) to small numbers (0 or more), eight bytes an entry at a load of 60 to 85 %: what a dictionary does at a third
/// of its memory, for tables with an entry for each meter. Entries are never removed. Not thread-safe.
/// </summary>
internal sealed class NumberMap
{
    /// <summary>Entries in use of a hundred before the table grows: linear probing stays at a few steps below it.</summary>
    private const int LoadPercentMax = 85;

    private (int Key, int Value)[] _entries = new (int, int)[16];

    public int Count { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGetValue(int key, out int value)
    {
        var entries = _entries;
        var i = SlotOf(key, entries.Length);
        while (true)
        {
            var entry = entries[i];
            if (entry.Key == 0)
            {
                value = 0;
                return false;
            }

            if (entry.Key == key)
            {
                value = entry.Value;
                return true;
            }

            i = i + 1 == entries.Length ? 0 : i + 1;
        }
    }

    public void Set(int key, int value)
    {
        Invariant.Holds(key > 0 && value >= 0, $"Key {key} with value {value} does not fit a number map.");
        if ((Count + 1) * 100L > _entries.Length * (long)LoadPercentMax)
        {
            Grow();
        }

        if (Put(_entries, key, value))
        {
            Count++;
        }
    }

    private void Grow()
    {
        var larger = new (int, int)[(_entries.Length * 7 / 5) + 1];
        foreach (var (key, value) in _entries)
        {
            if (key != 0)
            {
                Put(larger, key, value);
            }
        }

        _entries = larger;
    }

    private static bool Put((int Key, int Value)[] entries, int key, int value)
    {
        var i = SlotOf(key, entries.Length);
        while (entries[i].Key != 0 && entries[i].Key != key)
        {
            i = i + 1 == entries.Length ? 0 : i + 1;
        }

        var isNew = entries[i].Key == 0;
        entries[i] = (key, value);
        return isNew;
    }

    // Numbers are handed out in a row; a multiplier spreads them and the high half of a product maps them to any length.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SlotOf(int key, int length) => unchecked((int)(((uint)key * 2654435769UL & uint.MaxValue) * (uint)length >> 32));
}
