using System.Runtime.CompilerServices;

namespace AccountGrid.Host.Ingest;

/// <summary>
/// Routes by the hash of the meter's id: 20 bytes an entry at a load of 70 to 90 %, no object and no reference for the collector to follow. Any
/// number of readers beside one writer a shard; nothing is ever removed.
/// </summary>
public sealed class MeterRouteTable
{
    /// <summary>Shards that grow one by one, so that no growth delays ingest: at ten million meters a shard copies 3 MB.</summary>
    private const int Shards = 64;

    private const int LoadPercentMax = 90;

    private readonly Shard[] _shards = [.. Enumerable.Range(0, Shards).Select(_ => new Shard())];

    public int Count => _shards.Sum(s => s.Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFind(ulong idHash, out MeterRoute route) => _shards[(int)(idHash % Shards)].TryFind(idHash, out route);

    /// <summary>Adds a route, or replaces it.</summary>
    public void Put(ulong idHash, MeterRoute route) => _shards[(int)(idHash % Shards)].Put(idHash, route);

    private sealed class Shard
    {
        private readonly Lock _writing = new();
        private volatile Slots _slots = new(64);

        public int Count { get; private set; }

        public bool TryFind(ulong key, out MeterRoute route) => _slots.TryFind(key, out route);

        public void Put(ulong key, MeterRoute route)
        {
            lock (_writing)
            {
                if ((Count + 1) * 100L > _slots.Length * (long)LoadPercentMax)
                {
                    _slots = _slots.Larger();
                }

                Count += _slots.Put(key, route) ? 1 : 0;
            }
        }
    }

    private sealed class Slots(int length)
    {
        private readonly ulong[] _keys = new ulong[length];
        private readonly ulong[] _routes = new ulong[length];
        private readonly int[] _meters = new int[length];

        public int Length => _keys.Length;

        public bool TryFind(ulong key, out MeterRoute route)
        {
            for (var i = SlotOf(key); ; i = i + 1 == _keys.Length ? 0 : i + 1)
            {
                var found = Volatile.Read(ref _keys[i]);
                if (found == key)
                {
                    // All but the number are one word, so that a reader never sees half of a move.
                    route = RouteOf(_meters[i], Volatile.Read(ref _routes[i]));
                    return key != 0;
                }

                if (found == 0)
                {
                    route = default;
                    return false;
                }
            }
        }

        /// <summary>True if the key is new. The key is written last: who finds it finds the rest.</summary>
        public bool Put(ulong key, MeterRoute route)
        {
            var i = SlotOf(key);
            while (_keys[i] != 0 && _keys[i] != key)
            {
                i = i + 1 == _keys.Length ? 0 : i + 1;
            }

            var isNew = _keys[i] == 0;
            _meters[i] = route.Meter;
            Volatile.Write(ref _routes[i], unchecked(((ulong)(uint)route.Gateway << 32) | ((ulong)route.RateRegisters << 16) | (ushort)route.Partition));
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
                    larger.Put(_keys[i], RouteOf(_meters[i], _routes[i]));
                }
            }

            return larger;
        }

        private static MeterRoute RouteOf(int meter, ulong word) =>
            new(meter, unchecked((short)word), unchecked((int)(word >> 32)), unchecked((byte)(word >> 16)));

        // The high bits of the hash times the length: any length will do, not only powers of two.
        private int SlotOf(ulong key) => (int)Math.BigMul(key, (ulong)_keys.Length, out _);
    }
}
