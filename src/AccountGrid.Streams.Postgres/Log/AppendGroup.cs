namespace AccountGrid.Streams.Postgres;

/// <summary>What one commit writes: the appends of several callers, gathered into one row per partition.</summary>
internal sealed class AppendGroup
{
    private readonly SortedDictionary<int, List<(PendingAppend Caller, int Index)>> _byPartition = [];

    public bool HasKeys { get; private set; }

    public int[] Partitions => [.. _byPartition.Keys];

    public void Add(PendingAppend caller)
    {
        for (var i = 0; i < caller.Appends.Count; i++)
        {
            var append = caller.Appends[i];
            HasKeys |= append.Key is not null;
            (_byPartition.TryGetValue(append.Partition, out var list) ? list : _byPartition[append.Partition] = []).Add((caller, i));
        }
    }

    public IEnumerable<LogKeyUse> Keys()
    {
        foreach (var (partition, list) in _byPartition)
        {
            foreach (var (caller, index) in list)
            {
                if (caller.Appends[index].Key is { } key)
                {
                    yield return new LogKeyUse(partition, key);
                }
            }
        }
    }

    /// <summary>Packs what is new behind the given heads; keys that are known, from before or from this very group, add nothing.</summary>
    public GroupRows Pack(IReadOnlyDictionary<int, long> heads, Dictionary<(int Partition, string Key), (byte[] Hash, long Position)> known)
    {
        var rows = new GroupRows();
        foreach (var (partition, list) in _byPartition)
        {
            var first = heads[partition];
            var next = first;
            var size = 0;
            var taken = new List<LogAppend>(list.Count);
            foreach (var (caller, index) in list)
            {
                var append = caller.Appends[index];
                if (append.Key is { } key)
                {
                    if (known.TryGetValue((partition, key.Key), out var before))
                    {
                        var same = before.Hash.AsSpan().SequenceEqual(key.BodyHash);
                        caller.Results[index] = new AppendResult(partition, before.Position, same ? AppendOutcome.Existed : AppendOutcome.KeyConflict);
                        continue;
                    }

                    known[(partition, key.Key)] = (key.BodyHash, next);
                    rows.NewKeys.Add((partition, key, next));
                }

                caller.Results[index] = new AppendResult(partition, next, AppendOutcome.Appended);
                taken.Add(append);
                size += LogFraming.HeaderBytes + append.Payload.Length;
                next += append.Count;
            }

            if (next > first)
            {
                rows.Add(partition, first, (int)(next - first), Join(taken, size));
            }
        }

        return rows;
    }

    /// <summary>Moves results that counted from zero behind the positions that the commit gave.</summary>
    public void Shift(IReadOnlyDictionary<int, long> firsts)
    {
        foreach (var (partition, list) in _byPartition)
        {
            foreach (var (caller, index) in list)
            {
                ref var result = ref caller.Results[index];
                result = result with { FirstPosition = result.FirstPosition + firsts[partition] };
            }
        }
    }

    private static byte[] Join(List<LogAppend> appends, int size)
    {
        var row = new byte[size];
        var at = 0;
        foreach (var append in appends)
        {
            LogFraming.Write(row.AsSpan(at), append.Count, append.Payload.Span);
            at += LogFraming.HeaderBytes + append.Payload.Length;
        }

        return row;
    }
}
