using AccountGrid.Domain;
using AccountGrid.Host.Background;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Payments;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Scorecard;

/// <summary>
/// Asks channels whose configuration has a probe whether they are there. The address is checked when the connection is made, behind the look-up of its name;
/// redirects are not followed. Of several processes the one that writes a minute's row asks.
/// </summary>
internal sealed partial class ChannelProber(
    NpgsqlDataSource database, PaymentChannelCatalog channels, PaymentChannelOptions options, TimeProvider time, ILogger<ChannelProber> logger)
    : PeriodicService(TimeSpan.FromSeconds(20), time)
{
    /// <summary>Longer than any time-out of a probe, which ends it first.</summary>
    private const int ClientSecondsMax = 60;
    private const long MsPerMinute = 60_000;

    private readonly HttpClient _http = GuardedHttp.Client(options.ProbeAllowPrivate, ClientSecondsMax);

    protected override async Task<bool> RunOnceAsync(CancellationToken cancel)
    {
        await ProbeAsync(cancel);
        return false;
    }

    protected override void LogFailure(Exception cause) => Failed(logger, cause);

    /// <summary>Asks all channels whose minute it is.</summary>
    /// <returns>How many were asked by this process.</returns>
    internal async Task<int> ProbeAsync(CancellationToken cancel)
    {
        var now = Time.GetUtcNow();
        var minute = now.ToUnixTimeMilliseconds() / MsPerMinute;
        var due = new List<Task<bool>>();
        foreach (var id in (await channels.ListAsync(null)).Select(d => d.Id).Distinct(StringComparer.Ordinal))
        {
            if (await channels.FindAsync(id, now) is { Watch.Probe: { } probe } && minute % probe.EveryMinutes == 0)
            {
                due.Add(ProbeAsync(id, probe, Instants.ToInstant(minute * MsPerMinute).ToUniversalTime(), cancel));
            }
        }

        return (await Task.WhenAll(due)).Count(asked => asked);
    }

    private async Task<bool> ProbeAsync(string channel, ChannelProbe probe, DateTimeOffset minute, CancellationToken cancel)
    {
        await using (var connection = await database.OpenConnectionAsync(cancel))
        {
            if (await connection.ExecuteAsync(
                "insert into channel_probe (channel, minute) values (@channel, @minute) on conflict do nothing", new { channel, minute }) == 0)
            {
                return false;
            }
        }

        var isUp = await IsUpAsync(channel, probe, cancel);
        await using var writing = await database.OpenConnectionAsync(cancel);
        await writing.ExecuteAsync("update channel_probe set is_up = @isUp where channel = @channel and minute = @minute", new { channel, minute, isUp });
        return true;
    }

    private async Task<bool> IsUpAsync(string channel, ChannelProbe probe, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(TimeSpan.FromSeconds(probe.TimeoutSeconds));
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, probe.Url);
            await GuardedHttp.SendAsync(_http, request, Time.GetUtcNow(), deadline.Token);
            return true;
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            NotUp(logger, channel, e.Message);
            return false;
        }
    }

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    [LoggerMessage(6701, LogLevel.Warning, "Channels could not be probed; trying again.")]
    private static partial void Failed(ILogger logger, Exception cause);

    [LoggerMessage(6702, LogLevel.Information, "The probe of channel {Channel} failed: {Why}")]
    private static partial void NotUp(ILogger logger, string channel, string why);
}
