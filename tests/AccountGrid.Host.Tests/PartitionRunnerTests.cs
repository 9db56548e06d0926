using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Host.Database;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Rating;
using AccountGrid.Streams.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace AccountGrid.Host.Tests;

/// <summary>A partition without a database: what it asks of its ports.</summary>
public sealed class PartitionRunnerTests
{
    private const int Accounts = 500;

    /// <summary>After a bulk registration a partition has more to write than one statement gets done in its time, and the longer it waits the more.</summary>
    [Fact]
    public async Task Effects_of_a_long_replay_are_written_in_parts_and_none_twice()
    {
        var ports = new Ports();
        var options = new GridOptions { EffectsRowsMax = 40 };
        var runner =
            new PartitionRunner(ports, ports, ports, new FoldCatalogs(_ => Ports.Tariff, (_, _) => null), options, TimeProvider.System, NullLogger.Instance);
        await runner.OpenAsync(0, "here");
        for (var i = 0; i < Accounts && (i == 0 || runner.HasMoreEffects); i++)
        {
            await runner.FlushEffectsAsync();
        }

        await runner.FlushEffectsAsync(always: true);

        // An account's opening is one append, and what comes of it a few rows: a part is no longer than the limit and those.
        const int RowsOfOne = 10;
        Assert.All(ports.Flushes, f => Assert.InRange(f.Effects.Count, 1, options.EffectsRowsMax + RowsOfOne));
        Assert.True(ports.Flushes.Count > Accounts / options.EffectsRowsMax, $"All went in {ports.Flushes.Count} parts.");
        Assert.Equal(0, ports.Flushes[0].From);
        Assert.Equal(Accounts, ports.Flushes[^1].To);
        Assert.All(ports.Flushes.Zip(ports.Flushes.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
        Assert.Equal(Enumerable.Range(0, Accounts), ports.Flushes.SelectMany(f => f.Effects.Outcomes).Select(o => (int)o.Position));
        Assert.All(ports.Flushes, f => Assert.All(f.Effects.Outcomes, o => Assert.InRange(o.Position, f.From, f.To - 1)));
    }

    /// <summary>A process that is to stop does not write for minutes what the next can replay.</summary>
    [Fact]
    public async Task A_closing_partition_writes_what_it_can_in_five_seconds()
    {
        var clock = new Clock();
        var ports = new Ports { OnWrite = () => clock.Seconds += 2 };
        var runner = new PartitionRunner(ports, ports, ports, new FoldCatalogs(_ => Ports.Tariff, (_, _) => null), new GridOptions { EffectsRowsMax = 40 },
            clock, NullLogger.Instance);
        await runner.OpenAsync(0, "here");
        runner.IsClosing = true;
        var stopped = await Assert.ThrowsAsync<TimeoutException>(runner.FlushStatesAsync);
        Assert.Contains($"of {Accounts}", stopped.Message, StringComparison.Ordinal);
        Assert.True(runner.IsLost);
        Assert.Equal(3, ports.Flushes.Count);
    }

    /// <summary>While the server takes no changes nobody else can write either: what is in memory is waited with, however long it takes.</summary>
    [Fact]
    public async Task A_read_only_database_is_waited_for_as_long_as_it_lasts()
    {
        var clock = new Clock();
        var refusals = 3;
        var ports = new Ports
        {
            OnWrite = () =>
            {
                clock.Seconds += 600;
                if (refusals-- > 0)
                {
                    throw new Npgsql.PostgresException("cannot execute UPDATE in a read-only transaction", "ERROR", "ERROR", "25006");
                }
            },
        };
        var runner = new PartitionRunner(ports, ports, ports, new FoldCatalogs(_ => Ports.Tariff, (_, _) => null),
            new GridOptions { EffectsRowsMax = 1_000_000 }, clock, NullLogger.Instance);
        await runner.OpenAsync(0, "here");
        await runner.FlushEffectsAsync(always: true);
        Assert.False(runner.IsLost);
        Assert.Equal(Accounts, ports.Flushes[^1].To);
    }

    /// <summary>An old process that meets what a newer one has written stops there: what it passed over would be lost to the account.</summary>
    [Theory]
    [InlineData("append", "Stored form 'log append': version 15 was found")]
    [InlineData("command", "A stored command has the type 'of-a-later-release', which this build does not know.")]
    public async Task What_a_later_release_has_written_is_not_quarantined(string what, string said)
    {
        var ports = new MemoryPorts(Ports.Tariff);
        var runner =
            new PartitionRunner(ports, ports, ports, new FoldCatalogs(_ => Ports.Tariff, (_, _) => null), new GridOptions(), TimeProvider.System,
                NullLogger.Instance);
        await runner.OpenAsync(0, "here");
        var header = LogRecords.Encode(1_790_000_000_000, Array.Empty<Reading>());
        var command = """{"type":"of-a-later-release","account":1}"""u8.ToArray();
        byte[] payload = what == "append" ? [15, .. header[1..]] : [.. header, 3, (byte)command.Length, .. command];
        await ports.AppendAsync([new LogAppend(0, 1, payload)]);
        var stopped = await Assert.ThrowsAsync<LaterFormatException>(() => runner.CatchUpAsync(long.MaxValue));
        Assert.StartsWith(said, stopped.Message, StringComparison.Ordinal);
        Assert.True(runner.IsLost);
        Assert.Empty(ports.Quarantined);
    }

    /// <summary>Standing charges of a partition fall due, and one account of many cannot be checked.</summary>
    [Fact]
    public async Task An_account_that_cannot_be_checked_is_quarantined_alone_and_the_others_are_checked()
    {
        const int Sick = 3;
        const int Count = 8;
        var clock = new Calendar { Now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(8)) };
        var today = new DateOnly(2026, 3, 1).DayNumber;
        var tariff = TariffCompiler.Compile(1,
            new TariffDefinition { Id = "t", Currency = "CNY", Zone = "Asia/Shanghai", Rates = [new("flat", "0.50")], StandingPerDay = "0.30" }).Tariff!;
        var pack = Domain.Policies.PolicyCompiler.Read(File.ReadAllText(Path.Combine(Policies.PolicyCatalog.ShippedFolder, "cn-residential.json"))).Policy!;
        var ports = new MemoryPorts(tariff);
        var catalogs = new FoldCatalogs(_ => tariff, (family, day) => family == 7 && day > today ? throw new InvalidOperationException("a defect") : pack);
        var runner = New();
        await runner.OpenAsync(0, "here");
        for (var n = 1; n <= Count; n++)
        {
            await ports.AppendAsync([Of(new OpenAccount(n, $"A{n}", 1, PaymentMode.Prepaid, today, 0, false, []))]);
            await ports.AppendAsync([Of(new SetCustomer(n, n == Sick ? 7 : 1, CustomerClass.Residential, CustomerTraits.None))]);
        }

        await runner.CatchUpAsync(long.MaxValue);
        await runner.TrimAsync();
        Assert.Equal(1, ports.Trims);
        var openings = 1;
        for (var hour = 0; hour < 30; hour++)
        {
            clock.Now += TimeSpan.FromHours(1);
            await SweepOnceAsync();
            var opened = openings;
            while (runner.IsLost)
            {
                await SweepOnceAsync();
            }

            if (opened == 1 && openings > 1)
            {
                // In the very hour in which one could not be checked, the others were.
                Assert.All(Enumerable.Range(1, Count).Where(n => n != Sick), n => Assert.Equal(today + 1, runner.State.PeekAccount(n)!.StandingThroughDay));

                // Its own check waits for a person, and the hold that it got for it; what was divided does not.
                Assert.InRange(ports.Open, 1, 2);
            }
        }

        // What is quarantined is in the log alone, and somebody may have it folded again.
        await runner.TrimAsync();
        Assert.Equal(1, ports.Trims);

        // One record with all accounts, then one with the sick one alone, and perhaps the hold that it got; the next is a day later.
        Assert.InRange(openings, 3, 6);
        Assert.All(Enumerable.Range(1, Count), n => Assert.Equal(n == Sick ? today : today + 1, runner.State.PeekAccount(n)!.StandingThroughDay));
        Assert.DoesNotContain(Sick, runner.State.Due(clock.Now.ToUnixTimeMilliseconds(), Count));

        async Task SweepOnceAsync()
        {
            try
            {
                if (runner.IsLost)
                {
                    runner = New();
                    openings++;
                    await runner.OpenAsync(0, "here");
                }

                await runner.SweepAsync();
                await runner.CatchUpAsync(long.MaxValue);
            }
            catch (UnfoldableRecordException found)
            {
                await runner.QuarantineAsync(found);
            }
        }

        LogAppend Of(GridCommand command) => new(0, 1, LogRecords.Encode(clock.Now.ToUnixTimeMilliseconds(), command));

        PartitionRunner New() => new(ports, ports, ports, catalogs, new GridOptions(), clock, NullLogger.Instance);
    }

    /// <summary>
    /// A standby was promoted: its log is a beginning of the old server's, and may go on otherwise. What is folded and not known to be written is compared.
    /// </summary>
    [Theory]
    [InlineData(int.MaxValue, Accounts, true)] // it has all
    [InlineData(Accounts, Accounts + 1, true)] // it has gone on
    [InlineData(Accounts - 1, Accounts, false)] // it has another record there
    [InlineData(int.MaxValue, Accounts - 1, false)] // it does not have the last
    [InlineData(Accounts - 2, Accounts + 1, false)] // it has others there, and has gone on
    [InlineData(0, Accounts, true, true)] // all that was folded is written: no server lacks it
    public async Task Memory_is_kept_over_a_change_of_servers_only_where_the_log_goes_on_from_it(int otherFrom, int end, bool isKept, bool isWritten = false)
    {
        foreach (var isByBatch in new[] { true, false })
        {
            var ports = new Ports();
            var runner =
                new PartitionRunner(ports, ports, ports, new FoldCatalogs(_ => Ports.Tariff, (_, _) => null), new GridOptions(), TimeProvider.System,
                    NullLogger.Instance);
            await runner.OpenAsync(0, "here");
            if (isWritten)
            {
                await runner.FlushEffectsAsync(always: true);
            }

            var old = (await ports.ReadAsync(0, 0, 1))!;
            (ports.Timeline, ports.OtherFrom, ports.End) = (2, otherFrom, end);
            var error = await Record.ExceptionAsync(async () =>
                await (isByBatch ? runner.FoldAsync((await ports.ReadAsync(0, end - 1, 1))!) : runner.FlushEffectsAsync(always: true)));
            if (!isByBatch && isWritten)
            {
                continue;
            }

            Assert.Equal((isKept, !isKept), (error is null, runner.IsLost));
            if (!isKept)
            {
                await Assert.ThrowsAsync<InvalidOperationException>(() => runner.FoldAsync(old));
                continue;
            }

            // What the old server had is not folded when it comes late: the log is read.
            await runner.FlushEffectsAsync(always: true);
            ports.End = end + 1;
            await runner.FoldAsync(old with { FirstPosition = end, Count = 1, Entries = [old.Entries[^1] with { FirstPosition = end }] });
            Assert.Equal(otherFrom <= end ? Ports.Day - 1 : Ports.Day, runner.State.PeekAccount(end + 1)!.OpenedDay);
        }
    }

    /// <summary>What is not kept cannot be compared, until its effects are written.</summary>
    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public async Task More_appends_than_are_kept_are_not_taken_to_be_in_another_servers_log(int written, bool isKept)
    {
        var ports = new Ports { End = 0 };
        var hold = new PartitionHold { Lease = new PartitionLease(0, 1, 0, 0, 0, Timeline: 1) };
        var folded = new FoldedRows(hold, ports, NullLogger.Instance);
        for (var position = 0; position < 3; position++)
        {
            folded.Add(new LogEntry(position, 1, new byte[FoldedRows.BytesMax / 2]), written: 0);
        }

        var error = await Record.ExceptionAsync(() => folded.AdoptAsync(new PartitionState(0, _ => Ports.Tariff), written, 2));
        Assert.Equal((isKept, !isKept, isKept ? 2 : 1), (error is null, hold.HasOtherLog, hold.Lease.Timeline));
    }

    private sealed class Calendar : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }

    /// <summary>A log in memory and what was quarantined of it; states are never stored, so that each opening replays everything.</summary>
    private sealed class MemoryPorts(Tariff tariff) : IPartitionStore, IEffectsWriter, IPartitionLog
    {
        private readonly List<LogEntry> _log = [];
        private readonly HashSet<string> _keys = [];

        public Dictionary<long, int> Quarantined { get; } = [];

        /// <summary>Of what was quarantined, what waits for a person.</summary>
        public int Open { get; private set; }

        public SemaphoreSlim Opening { get; } = new(1, 1);

        public Task<PartitionLease> TakeAsync(int partition, string owner) => Task.FromResult(new PartitionLease(partition, 1, 0, 0, 0));

        public Task<(long Effects, long States, int Timeline)> PositionsAsync(PartitionLease lease) => Task.FromResult((0L, 0L, 0));

        public Task<PartitionState> LoadAsync(PartitionLease lease, CancellationToken cancel) =>
            Task.FromResult(new PartitionState(lease.Partition, _ => tariff));

        public Task<Dictionary<long, int>> QuarantinedAsync(int partition) => Task.FromResult(Quarantined.ToDictionary());

        public Task<bool> HasOpenQuarantineAsync(int partition) => Task.FromResult(Open > 0);

        public Task QuarantineAsync(PartitionLease lease, long position, int count, string cause, bool isDivided)
        {
            Quarantined[position] = count;
            Open += isDivided ? 0 : 1;
            return Task.CompletedTask;
        }

        public Task<List<DayRow>> LoadDaysAsync(int partition, DaysNeeded needed) => throw new NotSupportedException();

        public Task<CommandOutcome?> OutcomeAsync(int partition, long position) => Task.FromResult<CommandOutcome?>(null);

        public Task FlushStatesAsync(PartitionLease lease, long from, long to, StateSnapshot snapshot) => throw new NotSupportedException();

        public Task WriteAsync(PartitionLease lease, long from, long to, Effects effects) => Task.CompletedTask;

        public Task<AppendResult[]> AppendAsync(IReadOnlyList<LogAppend> appends)
        {
            foreach (var append in appends.Where(a => a.Key is not { } key || _keys.Add(key.Key)))
            {
                _log.Add(new LogEntry(_log.Count, 1, append.Payload));
            }

            return Task.FromResult(appends.Select(a => new AppendResult(a.Partition, _log.Count - 1, AppendOutcome.Appended)).ToArray());
        }

        public Task<LogBatch?> ReadAsync(int partition, long from, int bytesMax)
        {
            var entries = _log.Skip((int)from).ToList();
            return Task.FromResult(entries.Count == 0 ? null : new LogBatch(partition, from, entries.Count, entries));
        }

        /// <summary>How often the log was to be cut.</summary>
        public int Trims { get; private set; }

        public Task TrimAsync(int partition, long before, DateTimeOffset olderThan)
        {
            Trims++;
            return Task.CompletedTask;
        }

        public bool IsApart(int partition) => false;

        public long LastKnownHead(int partition) => _log.Count;
    }

    private sealed class Clock : TimeProvider
    {
        public int Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }

    private sealed class Ports : IPartitionStore, IEffectsWriter, IPartitionLog
    {
        public static int Day { get; } = new DateOnly(2026, 2, 1).DayNumber;

        public static Tariff Tariff { get; } = TariffCompiler.Compile(1, ExampleTariffs.All[0]).Tariff!;

        public List<(long From, long To, Effects Effects)> Flushes { get; } = [];

        public Action OnWrite { get; init; } = () => { };

        /// <summary>Up to where effects are kept.</summary>
        public long Written { get; private set; }

        public SemaphoreSlim Opening { get; } = new(1, 1);

        public Task<PartitionLease> TakeAsync(int partition, string owner) => Task.FromResult(new PartitionLease(partition, 1, 0, 0, 0, 0, Timeline));

        public Task<(long Effects, long States, int Timeline)> PositionsAsync(PartitionLease lease) => Task.FromResult((Written, 0L, Timeline));

        public Task<PartitionState> LoadAsync(PartitionLease lease, CancellationToken cancel) =>
            Task.FromResult(new PartitionState(lease.Partition, _ => Tariff));

        public Task<Dictionary<long, int>> QuarantinedAsync(int partition) => Task.FromResult(new Dictionary<long, int>());

        public Task<bool> HasOpenQuarantineAsync(int partition) => Task.FromResult(false);

        public Task QuarantineAsync(PartitionLease lease, long position, int count, string cause, bool isDivided) => throw new NotSupportedException();

        public Task<List<DayRow>> LoadDaysAsync(int partition, DaysNeeded needed) => throw new NotSupportedException();

        public Task<CommandOutcome?> OutcomeAsync(int partition, long position) => Task.FromResult<CommandOutcome?>(null);

        public Task FlushStatesAsync(PartitionLease lease, long from, long to, StateSnapshot snapshot) => throw new NotSupportedException();

        public Task WriteAsync(PartitionLease lease, long from, long to, Effects effects)
        {
            Flushes.Add((from, to, effects));
            if (lease.Timeline != Timeline)
            {
                throw new IOException("It is compared first.");
            }

            OnWrite();
            Written = to;
            return Task.CompletedTask;
        }

        public Task<AppendResult[]> AppendAsync(IReadOnlyList<LogAppend> appends) => throw new NotSupportedException();

        public Task<LogBatch?> ReadAsync(int partition, long from, int bytesMax)
        {
            var entries = new List<LogEntry>();
            for (var position = (int)from; position < End; position++)
            {
                var number = position + 1;
                entries.Add(
                    new LogEntry(position, 1,
                        LogRecords.Encode(1_772_000_000_000,
                            new OpenAccount(number, $"A{number}", 1, PaymentMode.Prepaid, position < OtherFrom ? Day : Day - 1, 0, false,
                                [Money.FromUnits(10)]))));
            }

            return Task.FromResult(entries.Count == 0 ? null : new LogBatch(partition, from, entries.Count, entries, Timeline));
        }

        public Task TrimAsync(int partition, long before, DateTimeOffset olderThan) => Task.CompletedTask;

        public int Timeline { get; set; } = 1;

        /// <summary>The position from which the log is another one; none by default.</summary>
        public int OtherFrom { get; set; } = int.MaxValue;

        /// <summary>The log's end.</summary>
        public int End { get; set; } = Accounts;

        public bool IsApart(int partition) => false;

        public long LastKnownHead(int partition) => End;
    }
}
