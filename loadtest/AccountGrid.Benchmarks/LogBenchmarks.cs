using AccountGrid.Domain;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Readings;
using BenchmarkDotNet.Attributes;

namespace AccountGrid.Benchmarks;

/// <summary>From a reading to the bytes of the log, and back. The baseline is fixed-width fields.</summary>
[MemoryDiagnoser]
public class LogBenchmarks
{
    private const int Count = 1_000;
    private const long NowMs = 1_793_491_200_000;

    private readonly Reading[] _readings = [
        .. Enumerable.Range(0, Count)
            .Select(i => new Reading(1_000_000 + i, RegisterKind.Import, NowMs - (i * 37), 123_456_780 + (i * 911), ReadingQuality.None, 0))];
    private readonly ReadingBuffer _buffer = new();
    private readonly MemoryStream _stream = new();
    private byte[] _bytes = [];

    [GlobalSetup]
    public void Setup() => _bytes = LogRecords.Encode(NowMs, _readings);

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public long Fixed_width()
    {
        _stream.Position = 0;
        var writer = new BinaryWriter(_stream);
        foreach (ref readonly var r in _readings.AsSpan())
        {
            writer.Write(r.Meter);
            writer.Write((byte)r.Register);
            writer.Write(r.TimeMs);
            writer.Write(r.ValueWh);
            writer.Write((ushort)r.Quality);
        }

        return _stream.Position;
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public int Encode()
    {
        _buffer.Clear();
        _buffer.Begin(NowMs);
        foreach (ref readonly var r in _readings.AsSpan())
        {
            _buffer.Add(r);
        }

        return _buffer.Written.Length;
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public long Decode()
    {
        var reader = new LogRecords.Reader(_bytes);
        long sum = 0;
        while (reader.Next())
        {
            sum += reader.Reading.ValueWh;
        }

        return sum;
    }
}
