using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;
using BenchmarkDotNet.Attributes;

namespace AccountGrid.Benchmarks;

/// <summary>States of a partition to their stored form and back, by account: a state flush packs, a start loads, an audit unpacks.</summary>
[MemoryDiagnoser]
public class StoreBenchmarks
{
    private const int Meters = 16_384;
    private const int Rounds = 24;

    private Town _town = null!;
    private List<StoredPage> _pages = null!;

    [GlobalSetup]
    public void Setup()
    {
        _town = new Town(Meters, packs: true);
        for (var i = 0; i < Rounds; i++)
        {
            _town.FoldRound(_town.NextRound());
        }

        _pages = _town.State.TakeDirtyPages();
        Console.WriteLine($"// {_pages.Sum(p => p.States.Length) / (double)Meters:0.0} bytes stored a meter");
    }

    /// <summary>A reading of each meter, so that every page has changed.</summary>
    [IterationSetup(Target = nameof(Store))]
    public void Change() => _town.FoldRound(_town.NextRound());

    [Benchmark(OperationsPerInvoke = Meters)]
    public int Store() => _town.State.TakeDirtyPages().Count;

    [Benchmark(OperationsPerInvoke = Meters)]
    public PartitionState Load()
    {
        var state = new PartitionState(0, _ => _town.Tariff);
        foreach (var page in _pages)
        {
            state.Load(page.Page, page.States);
        }

        return state;
    }

    [Benchmark(OperationsPerInvoke = Meters)]
    public int Unpack() => _pages.Sum(p => PartitionState.Unpack(p.States, _ => _town.Tariff).Count);
}
