using System.Diagnostics.Metrics;
using AccountGrid.Client.Buffering;

namespace AccountGrid.Client.Sending;

/// <summary>What a gateway counts, under the meter <c>AccountGrid.Client</c>.</summary>
internal sealed class GatewayMetrics : IDisposable
{
    public const string Name = "AccountGrid.Client";

    private readonly Meter _meter;
    private readonly Counter<long> _readings;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _damaged;
    private readonly Counter<long> _relays;
    private double _clockOffset = double.NaN;

    public GatewayMetrics(string? gateway, SegmentLog log, SegmentLog later)
    {
        _meter = new Meter(new MeterOptions(Name) { Tags = gateway is null ? null : [new("gateway", gateway)] });
        _readings = _meter.CreateCounter<long>("accountgrid.gateway.readings", "{reading}", "Readings that the grid answered about, by result.");
        _requests = _meter.CreateCounter<long>("accountgrid.gateway.requests", "{request}", "Requests, by status of the answer; 0 is none.");
        _damaged = _meter.CreateCounter<long>("accountgrid.gateway.buffer.damaged", "{line}", "Lines of the buffer that are not what was written.");
        _relays = _meter.CreateCounter<long>("accountgrid.gateway.relay.commands", "{command}", "Relay commands, by what came of them.");
        _meter.CreateObservableGauge("accountgrid.gateway.buffer.size", () => log.PendingBytes + later.PendingBytes, "By", "Bytes not acknowledged.");
        _meter.CreateObservableGauge("accountgrid.gateway.buffer.readings", () => new Measurement<long>[]
        {
            new(log.PendingLines, new KeyValuePair<string, object?>("kind", "next")),
            new(later.PendingLines, new KeyValuePair<string, object?>("kind", "later")),
        }, "{reading}", "Readings not acknowledged.");
        _meter.CreateObservableGauge("accountgrid.gateway.clock.offset", () => Volatile.Read(ref _clockOffset) is var offset && double.IsNaN(offset)
            ? Array.Empty<Measurement<double>>()
            : [new Measurement<double>(offset)], "s", "How far this clock is ahead of the grid's.");
    }

    public void Readings(string result, int count)
    {
        if (count > 0)
        {
            _readings.Add(count, new KeyValuePair<string, object?>("result", result));
        }
    }

    public void Request(int status) => _requests.Add(1, new KeyValuePair<string, object?>("status", status));

    public void Relay(string result) => _relays.Add(1, new KeyValuePair<string, object?>("result", result));

    public void Damaged() => _damaged.Add(1);

    public void ClockOffset(TimeSpan offset) => Volatile.Write(ref _clockOffset, offset.TotalSeconds);

    public void Dispose() => _meter.Dispose();
}
