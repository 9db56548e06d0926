using AccountGrid.Domain.Readings;
using BenchmarkDotNet.Attributes;

namespace AccountGrid.Benchmarks;

/// <summary>
/// A round of readings through the fold: validation, time of use, tiers, tax, levels, packed points. The baseline keeps a dictionary with a register and
/// a charge at one price, and nothing else.
/// </summary>
[MemoryDiagnoser]
public class FoldBenchmarks
{
    private const int Meters = 4_096;
    private const int Rounds = 64;

    private readonly Dictionary<int, (long Wh, long Nano)> _plain = [];
    private Town _packed = null!;
    private Town _unpacked = null!;
    private Reading[][] _packedRounds = null!;
    private Reading[][] _unpackedRounds = null!;

    [GlobalSetup]
    public void Setup()
    {
        (_packed, _unpacked) = (new Town(Meters, packs: true), new Town(Meters, packs: false));

        // The first reading of a meter begins its period: another matter.
        _packed.FoldRound(_packed.NextRound());
        _unpacked.FoldRound(_unpacked.NextRound());
        for (var m = 1; m <= Meters; m++)
        {
            _plain[m] = (0, 0);
        }
    }

    [IterationSetup]
    public void Generate()
    {
        _packedRounds = [.. Enumerable.Range(0, Rounds).Select(_ => (Reading[])_packed.NextRound().Clone())];
        _unpackedRounds = [.. Enumerable.Range(0, Rounds).Select(_ => (Reading[])_unpacked.NextRound().Clone())];
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Meters * Rounds)]
    public void Dictionary_and_one_price()
    {
        foreach (var round in _packedRounds)
        {
            foreach (ref readonly var r in round.AsSpan())
            {
                var (wh, nano) = _plain[r.Meter];
                _plain[r.Meter] = (r.ValueWh, nano + ((r.ValueWh - wh) * 500_000));
            }
        }
    }

    [Benchmark(OperationsPerInvoke = Meters * Rounds)]
    public void Fold()
    {
        foreach (var round in _packedRounds)
        {
            _packed.FoldRound(round);
        }
    }

    [Benchmark(OperationsPerInvoke = Meters * Rounds)]
    public void Fold_the_long_way()
    {
        foreach (var round in _unpackedRounds)
        {
            _unpacked.FoldRound(round);
        }
    }
}
