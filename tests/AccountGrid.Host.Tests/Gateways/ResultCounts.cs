using System.Diagnostics.Metrics;

namespace AccountGrid.Host.Tests.Gateways;

/// <summary>What one gateway's counter of the package's meter has counted, by result.</summary>
internal sealed class ResultCounts : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, long> _counted = [];

    public ResultCounts(string counter, string gateway)
    {
        _listener.InstrumentPublished = (i, l) =>
        {
            var isOwn = i.Meter is { Name: "AccountGrid.Client", Tags: { } tags } && tags.Contains(new("gateway", gateway));
            if (isOwn && i.Name == counter)
            {
                l.EnableMeasurementEvents(i);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            lock (_counted)
            {
                var result = (string)tags[0].Value!;
                _counted[result] = _counted.GetValueOrDefault(result) + value;
            }
        });
        _listener.Start();
    }

    public Dictionary<string, long> ByResult
    {
        get
        {
            lock (_counted)
            {
                return new(_counted);
            }
        }
    }

    public void Dispose() => _listener.Dispose();
}
