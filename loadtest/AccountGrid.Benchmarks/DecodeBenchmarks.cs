using System.Text;
using System.Text.Json;
using AccountGrid.Host.Ingest;
using BenchmarkDotNet.Attributes;

namespace AccountGrid.Benchmarks;

/// <summary>From a line of JSON to a reading. The baseline is the framework's serializer into a class.</summary>
[MemoryDiagnoser]
public class DecodeBenchmarks
{
    private const int Lines = 200;
    private const long LatestMs = 1_900_000_000_000;

    private readonly byte[] _body = Encoding.UTF8.GetBytes(
        string.Concat(
            Enumerable.Range(0, Lines).Select(i => $"{{\"meter\":\"CN{i:000000000000}\",\"ts\":{1_793_491_200_000 + i},\"value\":{123_456_780 + i}}}\n")));
    private readonly byte[] _spaced = Encoding.UTF8.GetBytes(
        string.Concat(
            Enumerable.Range(0, Lines).Select(i => $"{{ \"meter\":\"CN{i:000000000000}\",\"ts\":{1_793_491_200_000 + i},\"value\":{123_456_780 + i}}}\n")));

    [Benchmark(Baseline = true, OperationsPerInvoke = Lines)]
    public long Serializer()
    {
        long sum = 0;
        var rest = _body.AsSpan();
        while (rest.Length > 0)
        {
            var end = rest.IndexOf((byte)'\n');
            sum += JsonSerializer.Deserialize<Line>(rest[..end], JsonSerializerOptions.Web)!.Value;
            rest = rest[(end + 1)..];
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Lines)]
    public int Batch_of_plain_lines() => BatchReader.Parse(_body, isNdjson: true, LatestMs).Batch!.Readings.Count;

    [Benchmark(OperationsPerInvoke = Lines)]
    public int Batch_of_other_lines() => BatchReader.Parse(_spaced, isNdjson: true, LatestMs).Batch!.Readings.Count;

    public sealed record Line(string Meter, long Ts, long Value);
}
