using AccountGrid.Domain.Readings;
using BenchmarkDotNet.Attributes;

namespace AccountGrid.Benchmarks;

/// <summary>The judgement of a difference. The baseline only asks whether the register rose.</summary>
[MemoryDiagnoser]
public class ValidateBenchmarks
{
    private readonly MeterRating _rating = new(20_000, 100_000_000, 60_000);
    private readonly Point[] _points = [.. Enumerable.Range(0, 1_001).Select(i => new Point(Town.StartMs + (i * 60_000L), i * 17))];

    [Benchmark(Baseline = true, OperationsPerInvoke = 1_000)]
    public int Rise_only()
    {
        var accepted = 0;
        for (var i = 1; i < _points.Length; i++)
        {
            accepted += _points[i].ValueWh >= _points[i - 1].ValueWh ? 1 : 0;
        }

        return accepted;
    }

    [Benchmark(OperationsPerInvoke = 1_000)]
    public int Judge()
    {
        var accepted = 0;
        for (var i = 1; i < _points.Length; i++)
        {
            accepted += Validation.Judge(_rating, _points[i - 1], _points[i], out _) == VeeOutcome.Accepted ? 1 : 0;
        }

        return accepted;
    }
}
