using AccountGrid.LoadTest.Driving;
using AccountGrid.LoadTest.Reports;
using AccountGrid.LoadTest.Targets;

namespace AccountGrid.LoadTest.Measures;

/// <summary>What a measured stretch came to.</summary>
public sealed record Measured(DateTimeOffset Started, long Offered, long Accepted, long Rejected, long Requests, CpuUse? Cpu, double? SiloPeakMb, LatencySummary? SiloPauses, LatencySummary TesterStalls, IReadOnlyList<SecondSample> Series);

/// <summary>Takes a sample every second, shows it, and knows what a stretch consumed.</summary>
public sealed class RunSampler(LocalGrid? grid, LoadDatabase? database, GatewayPusher pusher, Probes probes, TimeProvider time, IProgressDisplay display) : IDisposable
{
    private readonly List<SecondSample> _series = [];
    private readonly PauseWatch _pauses = new(() => grid?.ProcessIds ?? [], time);
    private DateTimeOffset _started;
    private (long Offered, long Accepted, long Rejected, long Requests, CpuUse Cpu) _begin;
    private double _peakMb;

    public void Begin()
    {
        foreach (var latencies in new[] { pusher.Measures.Acknowledgement, pusher.Measures.Service, probes.Freshness, probes.Queries, probes.TopUps, _pauses.Silos, _pauses.Tester })
        {
            latencies.Reset();
        }

        _started = time.GetUtcNow();
        _begin = Stand();
    }

    public Measured End()
    {
        var now = Stand();
        var cpu = new CpuUse(now.Cpu.Silo - _begin.Cpu.Silo, now.Cpu.Database - _begin.Cpu.Database, now.Cpu.Tester - _begin.Cpu.Tester);
        return new Measured(
            _started, now.Offered - _begin.Offered, now.Accepted - _begin.Accepted, now.Rejected - _begin.Rejected, now.Requests - _begin.Requests, grid is null ? null : cpu, grid is null ? null : _peakMb, grid is null ? null : _pauses.Silos.Summary(), _pauses.Tester.Summary(), _series);
    }

    public void Dispose() => _pauses.Dispose();

    public async Task RunAsync(CancellationToken cancel)
    {
        var before = Stand();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            for (var second = 1; await timer.WaitForNextTickAsync(cancel); second++)
            {
                var now = Stand();
                _pauses.Look();
                var silo = grid?.Usage.ResidentBytes / 1048576.0 ?? 0;
                _peakMb = Math.Max(_peakMb, silo);
                var sample = new SecondSample(
                    second, now.Offered - before.Offered, now.Accepted - before.Accepted, pusher.Measures.Acknowledgement.TakeSecond().P99Ms, probes.Freshness.TakeSecond().P99Ms, probes.Queries.TakeSecond().P99Ms,
                    now.Cpu.Silo - before.Cpu.Silo, now.Cpu.Database - before.Cpu.Database, now.Cpu.Tester - before.Cpu.Tester, silo);
                _series.Add(sample);
                display.Show(sample);
                before = now;
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The stretch is over.
        }
    }

    private (long Offered, long Accepted, long Rejected, long Requests, CpuUse Cpu) Stand()
    {
        var m = pusher.Measures;
        var cpu = new CpuUse(grid?.Usage.CpuSeconds ?? 0, database is null ? 0 : DatabaseCpu(), ProcessUsage.Of(Environment.ProcessId).CpuSeconds);
        return (Interlocked.Read(ref m.Offered), Interlocked.Read(ref m.Accepted), Interlocked.Read(ref m.Rejected), Interlocked.Read(ref m.Requests), cpu);
    }

    private double DatabaseCpu()
    {
        try
        {
            return database!.Usage.CpuSeconds;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // It is being started again.
            return 0;
        }
    }
}
