using AccountGrid.Domain.Partitions;
using AccountGrid.Faults;
using AccountGrid.Host.Database;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.LoadTest.Simulation;

/// <summary>
/// The database as the grid's statements see it: each call is one transaction that happens at one moment, some time after it was asked for and some time
/// before its answer; either way may fail. Checks at every commit what may never be otherwise.
/// </summary>
internal sealed class SimDatabase
{
    private const long TimeoutUs = 30_000_000;

    private readonly SimWorld _world;
    private readonly SimFaults _faults;
    private readonly SimProcess _process;
    private readonly Dictionary<(int Partition, string Key), (byte[] Hash, long Position)> _keys = [];

    public SimDatabase(SimWorld world, SimFaults faults, int partitions)
    {
        (_world, _faults) = (world, faults);
        _process = new SimProcess(world, "database");
        Partitions = [.. Enumerable.Range(0, partitions).Select(_ => new SimTable())];
    }

    public SimTable[] Partitions { get; }

    /// <summary>Messages by their ids, which are unique in all of it.</summary>
    public SortedDictionary<string, SimMessage> Outbox { get; } = new(StringComparer.Ordinal);

    public bool IsDown { get; set; }

    /// <summary>From now on every call arrives and is answered.</summary>
    public bool IsCalm { get; set; }

    /// <summary>Writes of an activation that had lost its partition, and were refused: a run's proof that it had stale twins.</summary>
    public int Fenced { get; private set; }

    public int Unknown { get; private set; }

    /// <summary>The partition of each meter, as the last flush says.</summary>
    public Dictionary<int, int> MeterRoutes { get; } = [];

    /// <summary>Records that one partition's fold sent to another's log: a meter that moved, and what came for it where it no longer was.</summary>
    public int Forwarded { get; set; }

    /// <summary>One transaction of a process: asked for, carried out, answered.</summary>
    public Task<T> CallAsync<T>(SimProcess caller, Func<T> transaction)
    {
        var answer = new TaskCompletionSource<T>();
        var random = _world.Random;
        long Latency() => random.NextDouble() < _faults.SlowCall ? random.Next(100_000, 2_000_000) : random.Next(100, 5_000);
        var (lostRequest, lostReply) = (random.NextDouble() < _faults.LostRequest && !IsCalm, random.NextDouble() < _faults.LostReply && !IsCalm);
        var late = lostRequest && random.Next(2) == 0;
        if (lostRequest || lostReply)
        {
            Unknown++;
            var patience = random.Next(3) == 0 ? TimeoutUs : random.Next(1_000, 50_000);
            _world.After(patience, caller, () => answer.TrySetException(new TimeoutException("No answer from the database.")));
            if (lostRequest && !late)
            {
                return answer.Task;
            }
        }

        _world.After(late ? random.Next(10_000, 3_000_000) : Latency(), _process, () =>
        {
            T result = default!;
            Exception? failure = null;
            try
            {
                result = IsDown ? throw new IOException("The database refuses connections.") : transaction();
            }
            catch (Exception e)
            {
                failure = e;
                Fenced += e is FencedException ? 1 : 0;
            }

            if (!lostReply && !late)
            {
                _world.After(Latency(), caller, () => _ = failure is null ? answer.TrySetResult(result) : answer.TrySetException(failure));
            }
        });
        return answer.Task;
    }

    /// <summary>Notices of a partition's effects, in their transaction.</summary>
    public void Queue(int partition, IReadOnlyList<NoticeEffect> notices)
    {
        foreach (var notice in notices)
        {
            SimCheck.That(Outbox.TryAdd(notice.Id, new SimMessage(notice, partition)), $"Notice {notice.Id} was written twice.");
        }
    }

    /// <summary>What messages that waited are now, as the grid's statement does it.</summary>
    public void Compare(IEnumerable<NoticeVerdictEffect> verdicts)
    {
        foreach (var verdict in verdicts)
        {
            if (Outbox.TryGetValue(verdict.Id, out var message) && message.State == "queued" && message.ConfirmedMs < verdict.AtMs)
            {
                (message.ConfirmedMs, message.Token, message.NextAt) = (verdict.AtMs, null, DateTimeOffset.FromUnixTimeMilliseconds(verdict.AtMs).UtcDateTime);
                if (verdict is { Kind: { } kind, Facts: { } facts })
                {
                    (message.Notice, message.Composed) = (message.Notice with { Kind = kind, Facts = facts }, null);
                }
                else
                {
                    message.State = "withdrawn";
                }
            }
        }
    }

    /// <summary>What a person does when a receiver is back: everything that waits or was given up goes out now.</summary>
    public void ReplayOutbox()
    {
        foreach (var message in Outbox.Values.Where(m => m.State is "queued" or "parked"))
        {
            (message.State, message.NextAt) = ("queued", DateTimeOffset.FromUnixTimeMilliseconds(_world.NowMs).UtcDateTime);
        }
    }

    /// <summary>A group commit, by the very code that packs the grid's groups.</summary>
    public AppendResult[] Append(IReadOnlyList<LogAppend> appends)
    {
        var pending = new PendingAppend(appends);
        var group = new AppendGroup();
        group.Add(pending);
        var rows = group.Pack(group.Partitions.ToDictionary(p => p, p => Partitions[p].Head),
            Sabotage.NoUniqueKey ? [] : new Dictionary<(int, string), (byte[], long)>(_keys));
        for (var i = 0; i < rows.Partitions.Count; i++)
        {
            Partitions[rows.Partitions[i]].Add(rows.Firsts[i], rows.Counts[i], rows.Payloads[i]);
        }

        foreach (var (partition, key, position) in rows.NewKeys)
        {
            _keys[(partition, key.Key)] = (key.BodyHash, position);
        }

        return pending.Results;
    }
}
