using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Partitions;
using AccountGrid.Faults;
using AccountGrid.Host.Database;
using AccountGrid.Host.Partitions;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.LoadTest.Simulation;

/// <summary>A process's way to the simulated database: what the grid's store, effects writer and log do there by SQL.</summary>
internal sealed class SimStore(SimDatabase database, SimProcess process, FoldCatalogs catalogs) : IPartitionStore, IEffectsWriter, IPartitionLog
{
    /// <summary>Rows of one read of the log.</summary>
    private const int RowsMax = 8;

    private readonly Dictionary<int, long> _heads = [];

    public SemaphoreSlim Opening { get; } = new(2, 2);

    public Task<PartitionLease> TakeAsync(int partition, string owner) => database.CallAsync(process, () =>
    {
        var table = database.Partitions[partition];
        return new PartitionLease(partition, ++table.Epoch, table.EffectsPosition, table.StatePosition, table.StateNowMs);
    });

    public Task<(long Effects, long States, int Timeline)> PositionsAsync(PartitionLease lease) => database.CallAsync(process, () =>
    {
        var table = Held(lease);
        return (table.EffectsPosition, table.StatePosition, 0);
    });

    public Task<PartitionState> LoadAsync(PartitionLease lease, CancellationToken cancel) => database.CallAsync(process, () =>
    {
        var table = database.Partitions[lease.Partition];
        var state = new PartitionState(lease.Partition, catalogs.Tariff) { Position = lease.StatePosition, NowMs = lease.StateNowMs };
        foreach (var page in table.Pages.Values.OrderBy(p => p.Page))
        {
            state.Load(page.Page, page.States);
        }

        foreach (var loose in table.Loose.OrderBy(l => l.Key))
        {
            StateCodec.DecodeLoose(loose.Value).ForEach(state.Load);
        }

        state.Pack();
        return state;
    });

    public Task<Dictionary<long, int>> QuarantinedAsync(int partition) =>
        database.CallAsync(process, () => new Dictionary<long, int>(database.Partitions[partition].Quarantined));

    public Task<bool> HasOpenQuarantineAsync(int partition) => database.CallAsync(process, () => database.Partitions[partition].Quarantined.Count > 0);

    public Task QuarantineAsync(PartitionLease lease, long position, int count, string cause, bool isDivided) => database.CallAsync(process, () =>
    {
        if (database.Partitions[lease.Partition].Epoch == lease.Epoch)
        {
            database.Partitions[lease.Partition].Quarantined.TryAdd(position, count);
        }

        return 0;
    });

    public Task<List<DayRow>> LoadDaysAsync(int partition, DaysNeeded needed) =>
        database.CallAsync(process, () => needed.Of(database.Partitions[partition].Days.Values.Where(d => needed.IsOf(d.Key))));

    public Task<CommandOutcome?> OutcomeAsync(int partition, long position) =>
        database.CallAsync(process, () => database.Partitions[partition].Outcomes.GetValueOrDefault(position));

    public Task FlushStatesAsync(PartitionLease lease, long from, long to, StateSnapshot snapshot) => database.CallAsync(process, () =>
    {
        var table = Sabotage.NoFence ? database.Partitions[lease.Partition] : Held(lease);
        if (!Sabotage.NoFence && (table.StatePosition != from || table.EffectsPosition < to))
        {
            throw new FencedException(lease.Partition, lease.Epoch);
        }

        foreach (var page in snapshot.Pages.Skip(Sabotage.LoseAPage ? 1 : 0))
        {
            table.Pages[page.Page] = page;
        }

        foreach (var (meter, _, state) in snapshot.Loose)
        {
            table.Loose[meter] = state;
        }

        foreach (var key in snapshot.Opened)
        {
            table.Days.Remove(key);
        }

        foreach (var day in snapshot.Days)
        {
            table.Days[day.Key] = day;
        }

        (table.StatePosition, table.StateNowMs) = (Sabotage.StatesAhead ? to + 1 : to, snapshot.NowMs);
        return 0;
    });

    public Task WriteAsync(PartitionLease lease, long from, long to, Effects effects) => database.CallAsync(process, () =>
    {
        var table = Sabotage.NoFence ? database.Partitions[lease.Partition] : Held(lease);
        if (!Sabotage.NoFence && table.EffectsPosition != from)
        {
            throw new FencedException(lease.Partition, lease.Epoch);
        }

        table.EffectsPosition = to;
        table.Keep(effects);
        database.Queue(lease.Partition, effects.Notices);
        database.Compare(effects.Verdicts.Values);
        effects.MeterRoutes.ForEach(h => database.MeterRoutes[h.Meter] = h.Partition);
        if (effects.Transfers.Count > 0)
        {
            database.Forwarded += effects.Transfers.Count;
            database.Append([.. effects.Transfers.Select(t => new LogAppend(t.ToPartition, t.Count, t.Records))]);
        }

        return 0;
    });

    public async Task<AppendResult[]> AppendAsync(IReadOnlyList<LogAppend> appends)
    {
        try
        {
            var results = await database.CallAsync(process, () => database.Append(appends));
            for (var i = 0; i < results.Length; i++)
            {
                Note(results[i].Partition, results[i].FirstPosition + appends[i].Count);
            }

            return results;
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            return Sabotage.AckWithoutCommit
                ? [.. appends.Select(a => new AppendResult(a.Partition, 0, AppendOutcome.Appended))]
                : throw new LogUnavailableException("The log's database did not confirm the commit; whether it happened is not known.", e);
        }
    }

    public async Task<LogBatch?> ReadAsync(int partition, long from, int bytesMax)
    {
        var batch = await database.CallAsync(process, () => database.Partitions[partition].Read(partition, from, RowsMax));
        if (batch is not null)
        {
            Note(partition, batch.EndPosition);
        }

        return batch;
    }

    public Task TrimAsync(int partition, long before, DateTimeOffset olderThan) => database.CallAsync(process, () =>
    {
        var table = database.Partitions[partition];
        table.TrimmedBefore =
            Math.Max(table.TrimmedBefore, table.WholeLog.Where(r => r.First + r.Count <= before).Select(r => r.First + r.Count).DefaultIfEmpty(0).Max());
        return 0;
    });

    public bool IsApart(int partition) => false;

    public long LastKnownHead(int partition) => _heads.GetValueOrDefault(partition);

    public void Note(int partition, long head) => _heads[partition] = Math.Max(LastKnownHead(partition), head);

    private SimTable Held(PartitionLease lease)
    {
        var table = database.Partitions[lease.Partition];
        return table.Epoch == lease.Epoch ? table : throw new FencedException(lease.Partition, lease.Epoch);
    }
}
