using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Audit;
using AccountGrid.Host.Billing;
using AccountGrid.Host.Database;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Policies;
using AccountGrid.Host.Rating;
using AccountGrid.Host.Security;
using AccountGrid.LoadTest.Measures;
using AccountGrid.LoadTest.Targets;
using AccountGrid.Streams.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AccountGrid.LoadTest.Years;

/// <summary>
/// The grid's own parts on a real database, without silos around them: log, partitions, both flushes, policy packs, outbox. A silo's death is a partition's
/// runner that is dropped; a stale twin is one that is kept.
/// </summary>
internal sealed class YearGrid : IAsyncDisposable
{
    private readonly LoadDatabase _server;
    private readonly PartitionStore _store;
    private readonly EffectsWriter _effects;
    private readonly GridOptions _options;
    private readonly YearClock _clock;
    private readonly PartitionRunner[] _runners;

    private YearGrid(LoadDatabase server, NpgsqlDataSource database, GridOptions options, YearClock clock, IMessageChannel channel)
    {
        (_server, Database, _options, _clock) = (server, database, options, clock);
        Log = new PostgresLog(database, new PostgresLogOptions { Partitions = options.Partitions }, clock, NullLogger<PostgresLog>.Instance);
        Tariffs = new TariffCatalog(database);
        Policies = new PolicyCatalog(database, clock);
        _store = new PartitionStore(database, Tariffs, Policies, clock);
        _effects = new EffectsWriter(database, Log, options, clock, NullLogger<EffectsWriter>.Instance);
        Outbox = new OutboxDispatcher(new PostgresOutbox(database), [channel], new NoticeTexts(new NoticeOptions()),
            PersonalData.Open(new SecurityOptions(), server.Data), new PartitionLog(Log), clock, NullLogger<OutboxDispatcher>.Instance);
        Bills = new BillWriter(database, Tariffs, clock, NullLogger<BillWriter>.Instance);
        Figures = new YearFigures(database, clock);
        _runners = new PartitionRunner[options.Partitions];
    }

    public NpgsqlDataSource Database { get; }

    public PostgresLog Log { get; }

    public TariffCatalog Tariffs { get; }

    public PolicyCatalog Policies { get; }

    public OutboxDispatcher Outbox { get; }

    public BillWriter Bills { get; }

    public YearFigures Figures { get; }

    public int Partitions => _runners.Length;

    /// <summary>Stale twins that tried to write and were refused.</summary>
    public int TwinsRefused { get; private set; }

    public int Kills { get; private set; }

    public static async Task<YearGrid> StartAsync(string? folder, int partitions, YearClock clock, IMessageChannel channel,
        IEnumerable<TariffDefinition> tariffs)
    {
        var server = await LoadDatabase.StartAsync(folder);
        var connection = await server.DatabaseAsync("year");
        await Host.Database.PostgresDatabase.MigrateAsync(connection, partitions);
        var options = new GridOptions { Partitions = partitions, EffectsGroupMs = 0, LogRetainHours = 0 };
        var grid = new YearGrid(server, Host.Database.PostgresDatabase.Open(connection), options, clock, channel);
        await grid.Policies.RegisterShippedAsync();
        foreach (var tariff in tariffs)
        {
            var (registered, _, refusal) = await grid.Tariffs.RegisterAsync(tariff);
            _ = registered ?? throw new InvalidOperationException(refusal!.Detail);
        }

        for (var p = 0; p < partitions; p++)
        {
            await grid.OpenAsync(p);
        }

        return grid;
    }

    public ProcessUsage DatabaseUsage => _server.Usage;

    public static string AccountId(int number) => $"Y{number:000000}";

    /// <summary>Registers accounts, numbered from 1, with a meter of the same number each; account n lies in partition n modulo their count.</summary>
    public async Task RegisterAsync(int accounts)
    {
        await ExecuteAsync("insert into gateway (id) values ('year')");
        await ExecuteAsync($"insert into account (id, partition) select 'Y' || lpad(n::text, 6, '0'), n % {Partitions} from generate_series(1, {accounts}) n");
        await ExecuteAsync(
            "insert into meter (id, id_hash, gateway, account, partition, installed) select 'M' || a.id, a.number, 1, a.number, a.partition, true from "
                + "account a order by a.number");
    }

    /// <summary>Registers a device; returns its number.</summary>
    public async Task<int> AddMeterAsync(int account, int partition)
    {
        var count = await LongAsync("select count(*) from meter") + 1;
        return (int)await LongAsync(
            $"""
            insert into meter (id, id_hash, gateway, account, partition, installed) values ('X{count}', -{count}, 1, {account}, {partition}, true)
            returning number::bigint
            """);
    }

    /// <summary>
    /// What the grid's own audit finds in the books, and what is wrong with the figures. The year's staff agree without the API, so no approval stands in its
    /// table.
    /// </summary>
    public async Task<IReadOnlyList<string>> AuditAsync() =>
    [
        .. (await new Auditor(Log.Servers).RunAsync()).Differences
            .Where(d => !d.Contains("agreed, but no approval does", StringComparison.Ordinal)),
        .. await Figures.CheckAsync(),
    ];

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> LongAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Records folded so far, of all partitions.</summary>
    public long Records => _runners.Sum(r => r.State.Position);

    public PartitionState StateOf(int partition) => _runners[partition].State;

    /// <summary>Folds what is in the logs, with every check that is due, and writes the effects. Repeats until nothing more is due.</summary>
    public async Task SettleAsync(bool sweeps = true)
    {
        for (var p = 0; p < _runners.Length; p++)
        {
            if (!_runners[p].IsLost && Log.LastKnownHead(p) <= _runners[p].State.Position && (!sweeps || _runners[p].State.NextDueMs > _clock.NowMs))
            {
                continue;
            }

            await OnAsync(p, async runner =>
            {
                do
                {
                    await runner.CatchUpAsync(long.MaxValue);
                    if (sweeps)
                    {
                        await runner.SweepAsync();
                    }

                    await runner.CatchUpAsync(long.MaxValue);
                }
                while (sweeps && runner.State.Due(_clock.NowMs, 1).Count > 0);

                await runner.FlushEffectsAsync();
            });
        }
    }

    /// <summary>
    /// Settles until the logs hold nothing that is not folded, as the database has them: what one partition sends to another while its effects are written may
    /// arrive behind the other's turn, and no process has been told of it.
    /// </summary>
    public async Task SettleAllAsync()
    {
        do
        {
            foreach (var (p, head) in await HeadsAsync())
            {
                await OnAsync(p, async runner =>
                {
                    if (runner.State.Position < head)
                    {
                        await runner.CatchUpAsync(long.MaxValue);
                        await runner.FlushEffectsAsync();
                    }
                });
            }

            await SettleAsync();
        }
        while ((await HeadsAsync()).Any(h => _runners[h.Partition].IsLost || h.Head > StateOf(h.Partition).Position));
    }

    private async Task<List<(int Partition, long Head)>> HeadsAsync()
    {
        await using var command = Database.CreateCommand("select partition, next_position from log_head order by partition");
        await using var reader = await command.ExecuteReaderAsync();
        var heads = new List<(int Partition, long Head)>();
        while (await reader.ReadAsync())
        {
            heads.Add((reader.GetInt32(0), reader.GetInt64(1)));
        }

        return heads;
    }

    /// <summary>Hands out messages until none is due.</summary>
    public async Task SendAsync()
    {
        while (await Outbox.ComposeSomeAsync(default) > 0 || await Outbox.SendSomeAsync(default) > 0)
        {
        }
    }

    public Task FlushStatesAsync(int partition) => OnAsync(partition, async runner =>
    {
        await runner.FlushStatesAsync();
        await runner.TrimAsync();
    });

    /// <summary>The partition's silo dies: nothing of its memory is written. A stale twin is one that goes on; it must be refused when it writes.</summary>
    public async Task KillAsync(int partition, bool leavesTwin)
    {
        var old = _runners[partition];
        Kills++;
        await OpenAsync(partition);
        await Figures.CountPartAsync();
        if (!leavesTwin)
        {
            return;
        }

        try
        {
            await old.FlushEffectsAsync(always: true);
            await old.FlushStatesAsync();
        }
        catch (FencedException)
        {
            TwinsRefused++;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _effects.DisposeAsync();
        await Log.DisposeAsync();
        await Database.DisposeAsync();
        await _server.DisposeAsync();
    }

    private async Task OpenAsync(int partition)
    {
        _runners[partition] = new PartitionRunner(_store, _effects, new PartitionLog(Log), _store.Catalogs, _options, _clock, NullLogger.Instance);
        await _runners[partition].OpenAsync(partition, "year");
    }

    private async Task OnAsync(int partition, Func<PartitionRunner, Task> work)
    {
        if (_runners[partition].IsLost)
        {
            await OpenAsync(partition);
        }

        await work(_runners[partition]);
    }
}
