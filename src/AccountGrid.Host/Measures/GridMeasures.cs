using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AccountGrid.Host.Telemetry;

namespace AccountGrid.Host.Measures;

/// <summary>The last minute of this process's own work, for operators: what its instruments say, kept for as long.</summary>
public sealed class GridMeasures : IDisposable
{
    private static readonly string[] Instruments = [GridMetrics.ReadingsName, GridMetrics.AcknowledgementName, GridMetrics.FoldDelayName];

    private readonly ConcurrentDictionary<int, DateTimeOffset> _pushed = new();
    private readonly MeterListener _listener = new();
    private readonly TimeProvider _time;

    public GridMeasures(TimeProvider time)
    {
        _time = time;
        (StartedAt, Readings, Acknowledgements, Freshness) = (time.GetUtcNow(), new(time), new(time), new(time));
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == GridMetrics.Name && Instruments.Contains(instrument.Name))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) => Count(count, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, seconds, _, _) =>
            (instrument.Name == GridMetrics.FoldDelayName ? Freshness : Acknowledgements).Add(TimeSpan.FromSeconds(seconds), 1));
        _listener.Start();
    }

    public DateTimeOffset StartedAt { get; }

    /// <summary>Readings that were acknowledged; their times are left out.</summary>
    public LatencyWindow Readings { get; }

    /// <summary>Batches of readings, with how long they waited for their acknowledgement.</summary>
    public LatencyWindow Acknowledgements { get; }

    /// <summary>Batches of the log, with how old the last record of each was when it was folded.</summary>
    public LatencyWindow Freshness { get; }

    /// <summary>A gateway pushed readings.</summary>
    public void Pushed(int gateway) => _pushed[gateway] = _time.GetUtcNow();

    /// <summary>Gateways that pushed since the last call, with when they last did.</summary>
    public IReadOnlyList<(int Gateway, DateTimeOffset At)> TakePushed()
    {
        var taken = new List<(int, DateTimeOffset)>();
        foreach (var gateway in _pushed.Keys)
        {
            if (_pushed.TryRemove(gateway, out var at))
            {
                taken.Add((gateway, at));
            }
        }

        return taken;
    }

    public void Dispose() => _listener.Dispose();

    private void Count(long count, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (name, value) in tags)
        {
            if (name == GridMetrics.Outcome && value is GridMetrics.Accepted)
            {
                Readings.Add(TimeSpan.Zero, count);
            }
        }
    }
}
