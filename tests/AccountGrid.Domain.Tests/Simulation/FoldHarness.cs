using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Tests.Simulation;

/// <summary>
/// Partitions in memory with everything around the fold that the host does: a log, closed days in a store, state flushes, effects, transfers and
/// recovery. One thread, no clock.
/// </summary>
internal sealed class FoldHarness
{
    private readonly Dictionary<int, Tariff> _tariffs = [];
    private readonly Dictionary<int, SortedList<int, Policy>> _policies = [];
    private int _publications;

    /// <summary>One partition with account 1 and its meter 7, from 2026-03-01 on.</summary>
    public static FoldHarness WithMeter(params TariffDefinition[] tariffs)
    {
        var grid = new FoldHarness(1, tariffs);
        grid.Execute(0, Given.Open(1));
        grid.Execute(0, Given.Meter(7, 1, "2026-03-01T00:00+08:00"));
        return grid;
    }

    /// <summary>Puts a version of a policy pack under a family's number, from a local day on.</summary>
    public FoldHarness With(int family, Policy policy, int fromDay = 0)
    {
        if (!_policies.TryGetValue(family, out var versions))
        {
            _policies[family] = versions = [];
        }

        versions[fromDay] = policy;
        return this;
    }

    public FoldHarness(int partitions, params TariffDefinition[] tariffs)
        : this(partitions, true, tariffs)
    {
    }

    /// <param name="packs">False folds every reading the long way.</param>
    public FoldHarness(int partitions, bool packs, params TariffDefinition[] tariffs)
    {
        for (var i = 0; i < tariffs.Length; i++)
        {
            var (tariff, refusal) = TariffCompiler.Compile(i + 1, tariffs[i], Book);
            _tariffs[i + 1] = tariff ?? throw new ArgumentException(refusal!.Detail);
        }

        Partitions = [.. Enumerable.Range(0, partitions).Select(p => new SimPartition(p, n => _tariffs[n], PolicyOf, Forward, packs))];
    }

    /// <summary>One product in versions that are numbered from 1, announced long ago.</summary>
    public static FoldHarness WithProduct(bool packs, params TariffDefinition[] versions)
    {
        var grid = new FoldHarness(1, packs, versions[0]);
        foreach (var version in versions.Skip(1))
        {
            grid.Announce(version);
        }

        return grid;
    }

    /// <summary>Registers a further version of the first tariff's product; its number.</summary>
    /// <param name="knownMs">From when in the log it counts for days to come, UTC ms.</param>
    public int Announce(TariffDefinition version, long knownMs = 0)
    {
        var number = _tariffs.Count + 1;
        var (tariff, refusal) = TariffCompiler.Compile(number, version, Book);
        _tariffs[number] = tariff ?? throw new ArgumentException(refusal!.Detail);
        tariff.Join(_tariffs[1].Product, knownMs);
        return number;
    }

    /// <summary>A product of its own; its number.</summary>
    public int AddProduct(TariffDefinition definition)
    {
        var number = _tariffs.Count + 1;
        var (tariff, refusal) = TariffCompiler.Compile(number, definition, Book);
        _tariffs[number] = tariff ?? throw new ArgumentException(refusal!.Detail);
        return number;
    }

    /// <summary>Readings of the first partition, with account 1 checked, states flushed and every second time a crash after those that are named.</summary>
    /// <param name="checks">Indexes of readings.</param>
    /// <param name="nowMs">When a reading arrives, by its index.</param>
    public void Feed(Reading[] readings, int[] checks, long startMs, Func<int, long> nowMs)
    {
        for (var i = 0; i < readings.Length; i++)
        {
            this[0].Append(nowMs(i), readings[i]);
            if (checks.Contains(i))
            {
                this[0].Append(new Check(startMs + (i * 20L * Instants.MsPerHour), [1]), nowMs(i));
                Settle();
                this[0].Flush();
                if (i % 2 == 0)
                {
                    this[0].Crash();
                }
            }
        }
    }

    /// <summary>Price series that tariffs follow.</summary>
    public PriceBook Book { get; } = new();

    /// <summary>Publishes prices: they are stored first, and then named in the log of every partition. The number of the publication.</summary>
    /// <param name="isSent">False leaves the log as it is: another publication may be named before.</param>
    public int Publish(PriceSeries series, long nowMs, IReadOnlyList<PublishedPrice> prices, bool isSent = true)
    {
        series.Add(++_publications, prices);
        if (isSent)
        {
            Send(_publications, prices.Min(p => p.Day), nowMs);
        }

        return _publications;
    }

    /// <summary>Names a publication in the log of every partition.</summary>
    public void Send(int publication, int firstDay, long nowMs)
    {
        foreach (var partition in Partitions)
        {
            partition.Append(new UsePrices(publication, firstDay), nowMs);
        }
    }

    public SimPartition[] Partitions { get; }

    public SimPartition this[int partition] => Partitions[partition];

    public Tariff Tariff(int number) => _tariffs[number];

    public IEnumerable<int> TariffNumbers => _tariffs.Keys;

    public AccountState Account(int number) => Partitions.Select(p => p.State.PeekAccount(number)).First(a => a is not null)!;

    /// <summary>Folds every log to its end, passing transfers on until none are left.</summary>
    public void Settle()
    {
        while (Partitions.Any(p => p.Fold()))
        {
        }
    }

    public CommandOutcome Execute(int partition, GridCommand command, long nowMs = 0)
    {
        var position = this[partition].Append(command, nowMs);
        Settle();
        return this[partition].Outcomes[position];
    }

    private Policy? PolicyOf(int family, int day) => _policies.GetValueOrDefault(family)?.LastOrDefault(v => v.Key <= day).Value;

    private void Forward(TransferEffect transfer)
    {
        if (transfer.Key is { } key)
        {
            this[transfer.ToPartition].AppendKeyed(transfer.Records, key, transfer.KeyHash!);
            return;
        }

        this[transfer.ToPartition].AppendRaw(transfer.Records);
    }
}
