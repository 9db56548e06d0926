using AccountGrid.Domain;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.LoadTest.Fleet;
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

/// <summary>What a period costs after one more difference: rate by the hour, tiers, tax. The baseline is the same in decimals.</summary>
[MemoryDiagnoser]
public class RateBenchmarks
{
    private readonly Tariff _tariff = TariffCompiler.Compile(1, LoadTariff.TimeOfUse.Definition()).Tariff!;
    private readonly int[] _byRate = new int[3];

    [Benchmark(Baseline = true, OperationsPerInvoke = 1_000)]
    public decimal In_decimals()
    {
        decimal sum = 0;
        for (var i = 0; i < 1_000; i++)
        {
            _byRate[LoadTariff.TimeOfUse.RateAt(Town.StartMs + (i * 60_000L))] += 17;
            sum += LoadTariff.TimeOfUse.Charge(_byRate);
        }

        Array.Clear(_byRate);
        return sum;
    }

    [Benchmark(OperationsPerInvoke = 1_000)]
    public long Charge()
    {
        var sums = default(Sums);
        long sum = 0;
        for (var i = 0; i < 1_000; i++)
        {
            var at = Town.StartMs + (i * 60_000L);
            _tariff.PlanAt(at).IsSingleRate(at, at + 60_000, out var rate);
            sums = new Sums(sums.Energy + new Energy(17), sums.Base + (_tariff.PriceOf(rate) * new Energy(17)), 0);
            sum += (long)ChargePeriod.ChargeOf(sums, _tariff, default, Energy.Zero).Total.Nano;
        }

        return sum;
    }
}
