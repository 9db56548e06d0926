using AccountGrid.LoadTest.Measures;
using AccountGrid.LoadTest.Reports;
using AccountGrid.LoadTest.Targets;

namespace AccountGrid.LoadTest.Driving;

/// <summary>Takes a sample every second, shows it, and knows what a stretch consumed.</summary>
public sealed class RunSampler(LocalGrid? grid, LoadDatabase? database, GatewayPusher pusher, Probes probes, TimeProvider time,
    IProgressDisplay display) : IDisposable
{
    /// <summary>
    /// A shorter stretch, as when a tick came late and the next one in time, is counted with the next: the kernel counts processor time in steps of 10 ms.
    /// </summary>
    private const double LeastSeconds = 0.5;

    private readonly List<SecondSample> _series = [];
    private readonly PauseWatch _pauses = new(() => grid?.ProcessIds ?? [], time);
    private DateTimeOffset _started;
    private long _startedAt;
    private (long Offered, long Accepted, long Rejected, long Requests, CpuUse Cpu) _begin;
    private IReadOnlyList<double> _bySilo = [];
    private long _liveEvents;
    private double _peakMb;

    public void Begin()
    {
        foreach (var latencies in new[] { pusher.Measures.Acknowledgement, pusher.Measures.Service, probes.Freshness, probes.Queries, probes.TopUps,
            _pauses.Silos, _pauses.Tester })
        {
            latencies.Reset();
        }

        pusher.Measures.ForgetTrouble();
        probes.Trouble.Clear();
        (_started, _startedAt) = (time.GetUtcNow(), time.GetTimestamp());
        _begin = Stand();
        _bySilo = grid?.CpuBySilo ?? [];
        _liveEvents = probes.LiveEvents;
    }

    public Measured End()
    {
        var now = Stand();
        var cpu = new CpuUse(now.Cpu.Silo - _begin.Cpu.Silo, now.Cpu.Database - _begin.Cpu.Database, now.Cpu.Tester - _begin.Cpu.Tester);
        return new Measured(
            _started, now.Offered - _begin.Offered, now.Accepted - _begin.Accepted, now.Rejected - _begin.Rejected, now.Requests - _begin.Requests,
            grid is null ? null : cpu, grid?.CpuBySilo.Zip(_bySilo, (a, b) => a - b).ToList(), grid is null ? null : _peakMb,
            grid is null ? null : _pauses.Silos.Summary(), _pauses.Tester.Summary(), [.. _series], probes.LiveEvents - _liveEvents);
    }

    public void Dispose() => _pauses.Dispose();

    public async Task RunAsync(CancellationToken cancel)
    {
        var (before, beforeAt) = (_begin, _startedAt);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
            {
                _pauses.Look();
                var at = time.GetTimestamp();
                var now = Stand();
                var took = time.GetElapsedTime(beforeAt, at).TotalSeconds;
                if (took < LeastSeconds)
                {
                    continue;
                }

                var silo = grid?.Usage.ResidentBytes / 1048576.0 ?? 0;
                _peakMb = Math.Max(_peakMb, silo);
                var sample = new SecondSample(
                    (int)Math.Round(time.GetElapsedTime(_startedAt, at).TotalSeconds), (long)((now.Offered - before.Offered) / took),
                    (long)((now.Accepted - before.Accepted) / took),
                    pusher.Measures.Acknowledgement.TakeSecond().P99Ms, probes.Freshness.TakeSecond().P99Ms, probes.Queries.TakeSecond().P99Ms,
                    (now.Cpu.Silo - before.Cpu.Silo) / took, (now.Cpu.Database - before.Cpu.Database) / took, (now.Cpu.Tester - before.Cpu.Tester) / took,
                    silo);
                _series.Add(sample);
                display.Show(sample);
                (before, beforeAt) = (now, at);
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
        var cpu = new CpuUse(grid?.Usage.CpuSeconds ?? 0, database?.Usage.CpuSeconds ?? 0, ProcessUsage.Of(Environment.ProcessId).CpuSeconds);
        return (Interlocked.Read(ref m.Offered), Interlocked.Read(ref m.Accepted), Interlocked.Read(ref m.Rejected), Interlocked.Read(ref m.Requests), cpu);
    }
}
