using System.Text;
using System.Text.Json;
using AccountGrid.Host.Grpc;
using AccountGrid.Host.Ingest;
using BenchmarkDotNet.Attributes;
using Google.Protobuf;

namespace AccountGrid.Benchmarks;

/// <summary>From a line of JSON, or the columns of a message, to a reading. The baseline is the framework's serializer into a class.</summary>
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

    private readonly byte[] _columns = Columns().ToByteArray();

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

    [Benchmark(OperationsPerInvoke = Lines)]
    public int Batch_of_columns() => ColumnReader.Read(ReadingBatch.Parser.ParseFrom(_columns), LatestMs).Batch!.Readings.Count;

    private static ReadingBatch Columns()
    {
        var batch = new ReadingBatch { BaseTimeMs = 1_793_491_200_000 };
        for (var i = 0; i < Lines; i++)
        {
            batch.Meters.Add($"CN{i:000000000000}");
            batch.MeterIndex.Add((uint)i);
            batch.TimeDeltaMs.Add(i);
            batch.Value.Add(123_456_780 + i);
        }

        return batch;
    }

    public sealed record Line(string Meter, long Ts, long Value);
}
