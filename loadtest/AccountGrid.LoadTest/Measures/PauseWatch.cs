using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;

namespace AccountGrid.LoadTest.Measures;

/// <summary>
/// When a process stands still: silos by their collector, heard through each process's diagnostics port, and the tester itself by a thread that sees how
/// late it wakes, and how late its thread pool. What the tester oversleeps is in all of its latencies, and is not the grid's.
/// </summary>
public sealed class PauseWatch : IDisposable
{
    /// <summary>A pause that a busy machine's scheduler alone can make is none.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(5);

    private readonly Func<IReadOnlyCollection<int>> _silos;
    private readonly TimeProvider _time;
    private readonly Dictionary<int, EventPipeSession?> _heard = [];
    private readonly Thread _sleeper;
    private readonly ManualResetEventSlim _over = new();
    private int _asked;

    /// <param name="silos">Process numbers of the silos that run now; others are heard from the next <see cref="Look"/> on.</param>
    public PauseWatch(Func<IReadOnlyCollection<int>> silos, TimeProvider time)
    {
        (_silos, _time) = (silos, time);
        Look();
        _sleeper = new Thread(Sleep) { IsBackground = true, Name = "pause watch" };
        _sleeper.Start();
    }

    /// <summary>From the request to stop a silo's threads to their going on, for each collection.</summary>
    public Latencies Silos { get; } = new();

    /// <summary>How late a thread of the tester woke, or its thread pool took up what was queued, where it was more than 5 ms.</summary>
    public Latencies Tester { get; } = new();

    /// <summary>Begins to hear of silos that were started since.</summary>
    public void Look()
    {
        foreach (var silo in _silos())
        {
            if (!_heard.ContainsKey(silo))
            {
                _heard[silo] = Hear(silo);
            }
        }
    }

    public void Dispose()
    {
        _over.Set();
        foreach (var session in _heard.Values.OfType<EventPipeSession>())
        {
            // Closing the stream ends it; asking a silo that is frozen to end it would wait for that silo.
            session.Dispose();
        }

        _sleeper.Join();
        _over.Dispose();
    }

    private EventPipeSession? Hear(int silo)
    {
        try
        {
            var provider = new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, (long)ClrTraceEventParser.Keywords.GC);
            var session = new DiagnosticsClient(silo).StartEventPipeSession([provider], requestRundown: false);
            new Thread(() => Read(session)) { IsBackground = true, Name = $"pauses of {silo}" }.Start();
            return session;
        }
        catch (Exception e) when (e is ServerNotAvailableException or IOException or TimeoutException)
        {
            // It has just ended, or has no diagnostics port: its pauses are not known.
            return null;
        }
    }

    private void Read(EventPipeSession session)
    {
        try
        {
            using var source = new EventPipeEventSource(session.EventStream);
            var stopped = double.NaN;
            source.Clr.GCSuspendEEStart += e => stopped = e.TimeStampRelativeMSec;
            source.Clr.GCRestartEEStop += e =>
            {
                if (!double.IsNaN(stopped))
                {
                    Silos.Record(TimeSpan.FromMilliseconds(e.TimeStampRelativeMSec - stopped));
                    stopped = double.NaN;
                }
            };
            source.Process();
        }
        catch (Exception e) when (_over.IsSet || e is IOException or ObjectDisposedException or FormatException or TimeoutException)
        {
            // The silo was killed in the middle of an event, or the run is over.
        }
    }

    private void Sleep()
    {
        var nap = TimeSpan.FromMilliseconds(5);
        for (var before = _time.GetTimestamp(); !_over.Wait(nap); before = _time.GetTimestamp())
        {
            Note(_time.GetElapsedTime(before) - nap);
            AskPool();
        }
    }

    /// <summary>Threads that wait for the pool see what a sleeping thread does not: work that is queued while no worker takes it.</summary>
    private void AskPool()
    {
        if (Interlocked.Exchange(ref _asked, 1) == 0)
        {
            var queued = _time.GetTimestamp();
            ThreadPool.UnsafeQueueUserWorkItem(
                watch =>
                {
                    watch.Note(_time.GetElapsedTime(queued));
                    Volatile.Write(ref watch._asked, 0);
                },
                this,
                preferLocal: false);
        }
    }

    private void Note(TimeSpan late)
    {
        if (late > Least)
        {
            Tester.Record(late);
        }
    }
}
