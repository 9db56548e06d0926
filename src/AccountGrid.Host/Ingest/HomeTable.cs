using System.Runtime.CompilerServices;

namespace AccountGrid.Host.Ingest;

/// <summary>Where a meter is at home, as the door needs it.</summary>
/// <param name="Meter">The grid's number of the meter; it never changes.</param>
/// <param name="Partition">Its home; a reading that arrives at an old one is passed on by the fold.</param>
/// <param name="Gateway">The gateway that may push it.</param>
public readonly record struct MeterHome(int Meter, short Partition, int Gateway);

/// <summary>
/// Homes by the hash of the meter's id: 20 bytes an entry at a load of 70 to 90 %, no object and no reference for the collector to follow. Any
/// number of readers beside one writer a shard; nothing is ever removed.
/// </summary>
public sealed class HomeTable
{
    /// <summary>Shards that grow one by one, so that no growth holds the door up: at ten million meters a shard copies 3 MB.</summary>
    private const int Shards = 64;

    private const int LoadPercentMax = 90;

    private readonly Shard[] _shards = [.. Enumerable.Range(0, Shards).Select(_ => new Shard())];

    public int Count => _shards.Sum(s => s.Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFind(ulong idHash, out MeterHome home) => _shards[(int)(idHash % Shards)].TryFind(idHash, out home);

    /// <summary>Puts a home, or replaces where the meter is at home now.</summary>
    public void Put(ulong idHash, MeterHome home) => _shards[(int)(idHash % Shards)].Put(idHash, home);

    private sealed class Shard
    {
        private readonly Lock _writing = new();
        private volatile Slots _slots = new(64);

        public int Count { get; private set; }

        public bool TryFind(ulong key, out MeterHome home) => _slots.TryFind(key, out home);

        public void Put(ulong key, MeterHome home)
        {
            lock (_writing)
            {
                if ((Count + 1) * 100L > _slots.Length * (long)LoadPercentMax)
                {
                    _slots = _slots.Larger();
                }

                Count += _slots.Put(key, home) ? 1 : 0;
            }
        }
    }

    private sealed class Slots(int length)
    {
        private readonly ulong[] _keys = new ulong[length];
        private readonly ulong[] _homes = new ulong[length];
        private readonly int[] _meters = new int[length];

        public int Length => _keys.Length;

        public bool TryFind(ulong key, out MeterHome home)
        {
            for (var i = HomeOf(key); ; i = i + 1 == _keys.Length ? 0 : i + 1)
            {
                var found = Volatile.Read(ref _keys[i]);
                if (found == key)
                {
                    // Partition and gateway are one word, so that a reader never sees half of a move.
                    var word = Volatile.Read(ref _homes[i]);
                    home = new MeterHome(_meters[i], unchecked((short)word), unchecked((int)(word >> 32)));
                    return key != 0;
                }

                if (found == 0)
                {
                    home = default;
                    return false;
                }
            }
        }

        /// <summary>True if the key is new. The key is written last: who finds it finds the rest.</summary>
        public bool Put(ulong key, MeterHome home)
        {
            var i = HomeOf(key);
            while (_keys[i] != 0 && _keys[i] != key)
            {
                i = i + 1 == _keys.Length ? 0 : i + 1;
            }

            var isNew = _keys[i] == 0;
            _meters[i] = home.Meter;
            Volatile.Write(ref _homes[i], unchecked(((ulong)(uint)home.Gateway << 32) | (ushort)home.Partition));
            Volatile.Write(ref _keys[i], key);
            return isNew;
        }

        public Slots Larger()
        {
            var larger = new Slots((Length * 5 / 4) + 16);
            for (var i = 0; i < Length; i++)
            {
                if (_keys[i] != 0)
                {
                    larger.Put(_keys[i], new MeterHome(_meters[i], unchecked((short)_homes[i]), unchecked((int)(_homes[i] >> 32))));
                }
            }

            return larger;
        }

        // The high bits of the hash times the length: any length will do, not only powers of two.
        private int HomeOf(ulong key) => (int)Math.BigMul(key, (ulong)_keys.Length, out _);
    }
}
