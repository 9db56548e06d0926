using System.Diagnostics.Metrics;

namespace AccountGrid.Host.Telemetry;

/// <summary>What a process answers when its metrics are fetched. A value that is not known is left out, never 0.</summary>
internal sealed class GridGauges : IDisposable
{
    private readonly System.Diagnostics.Metrics.Meter _meter = new(GridMetrics.Name);

    public GridGauges(PartitionPositions positions, GridSampler sampler)
    {
        IEnumerable<Measurement<T>> Sampled<T>(Func<GridSample, T> value)
            where T : struct => sampler.Last is { } last ? [new(value(last))] : [];
        _meter.CreateObservableGauge("accountgrid.partitions", () => positions.Count, "{partition}", "Partitions that this process holds.");
        _meter.CreateObservableGauge("accountgrid.partition.lag",
            () => positions.Lags.Select(l => new Measurement<long>(l.Lag, new KeyValuePair<string, object?>("accountgrid.partition", l.Partition))),
            "{record}", "Records of a partition's log that are not folded yet, for each partition that this process holds.");
        _meter.CreateObservableGauge("accountgrid.outbox.waiting", () => Sampled(s => s.OutboxWaiting), "{message}",
            $"Messages that are due or that a channel failed to take, of the whole grid, each counted up to {GridSampler.CountMax}. "
                + "Messages about prices are left out.");
        _meter.CreateObservableGauge("accountgrid.outbox.age", () => Sampled(s => s.OutboxAgeSeconds), "s",
            "How long the oldest message that no channel has taken has been due, of the whole grid; of one that a channel failed to take, since "
                + "it was decided.");
        _meter.CreateObservableGauge("accountgrid.cuts.held", () => Sampled(s => s.CutsHeld), "{cut}",
            "Planned cuts that wait for a person, of the whole grid.");
        _meter.CreateObservableGauge("accountgrid.cuts.stopped", () => Sampled(s => s.CutsStopped ? 1 : 0), "1",
            "1 while all cuts are stopped, else 0.");
        _meter.CreateObservableGauge("accountgrid.gateways.silent", () => Sampled(s => s.GatewaysSilent), "{gateway}",
            "Gateways that have pushed within Telemetry__GatewaySilentDays and nothing for Telemetry__GatewaySilentMinutes while others pushed, of the whole "
                + $"grid, counted up to {GridSampler.CountMax}.");
        _meter.CreateObservableGauge("accountgrid.webhooks.paused", () => Sampled(s => s.WebhooksPaused), "{webhook}",
            "Webhooks that the grid has paused because they failed, were refused for good or lost their key, of the whole grid. Those that somebody paused are "
                + "left out.");
        _meter.CreateObservableGauge("accountgrid.records.undecided", () => Sampled(s => s.QuarantinedRecords), "{record}",
            "Quarantined records that nobody has decided about, of the whole grid.");
    }

    public void Dispose() => _meter.Dispose();
}
