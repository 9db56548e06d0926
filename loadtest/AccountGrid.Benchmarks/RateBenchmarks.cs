using AccountGrid.Domain;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;
using AccountGrid.LoadTest.Fleet;
using BenchmarkDotNet.Attributes;

namespace AccountGrid.Benchmarks;

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
