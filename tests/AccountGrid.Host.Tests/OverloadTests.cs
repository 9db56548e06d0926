using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using AccountGrid.Host.Accounts;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests;

/// <summary>More than the grid can take: the surplus is told to wait, what was acknowledged is applied, and afterwards all is as before.</summary>
public sealed class OverloadTests : IAsyncLifetime
{
    private const int Senders = 48;
    private const int BatchReadings = 2_000;

    /// <summary>Less than a batch may lie before the fold: whoever does not wait for the flush after his last one is too fast, on any machine.</summary>
    private readonly GridFixture _grid = new() { EffectsPeriodMs = 500, More = ["--Log:LagMax=1000"] };

    public ValueTask InitializeAsync() => _grid.InitializeAsync();

    public ValueTask DisposeAsync() => _grid.DisposeAsync();

    [Fact]
    public async Task A_storm_is_answered_429_and_what_was_acknowledged_is_applied_and_then_all_is_as_before()
    {
        // Each sender has a meter of its own and keeps on sending its next readings as fast as it is answered, ten seconds long.
        var start = DateTimeOffset.Parse("2026-03-01T00:00:00+08:00", CultureInfo.InvariantCulture);
        for (var s = 0; s < Senders; s++)
        {
            await _grid.OpenAsync($"STORM{s}");
        }

        var acknowledged = new long[Senders];
        var (refused, broken) = (0, 0);
        using var process = Process.GetCurrentProcess();
        var before = process.WorkingSet64;
        var began = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(async s =>
        {
            for (var round = 0; TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(10);)
            {
                var lines = new StringBuilder();
                for (var i = 1; i <= BatchReadings; i++)
                {
                    var n = (round * BatchReadings) + i;
                    lines.Append(CultureInfo.InvariantCulture, $"{{\"meter\":\"STORM{s}\",\"ts\":{start.AddSeconds(n * 10L).ToUnixTimeMilliseconds()},\"value\":{n}}}\n");
                }

                using var content = new StringContent(lines.ToString(), Encoding.UTF8, "application/x-ndjson");
                using var response = await _grid.Http.PostAsync("/v1/readings", content);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    round++;
                    acknowledged[s] = (long)round * BatchReadings;
                }
                else if (response.StatusCode == HttpStatusCode.TooManyRequests)
                {
                    Assert.True(response.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
                    Interlocked.Increment(ref refused);
                }
                else
                {
                    Interlocked.Increment(ref broken);
                }
            }
        }));
        Assert.True(refused > 0, "The storm was never told to wait: it was none.");
        Assert.Equal(0, broken);
        Assert.True(acknowledged.Sum() > 0, "Nothing was taken during the storm.");

        // Within half a minute of its end everything acknowledged is applied and a reading is taken at once again.
        await Eventually.GetAsync(
            async () => (await _grid.Admin.PostAsync<BalancesAnswer>("/v1/accounts/balances", new BalancesRequest([.. Enumerable.Range(0, Senders).Select(s => $"STORM{s}")]))).Data.Sum(b => b.ChargedWh + b.HeldWh),
            sum => sum == acknowledged.Sum(), "Everything that was acknowledged is applied");
        Assert.Equal(1, (await _grid.PushAsync(("STORM0", "2026-05-01T00:00:00+08:00", 10_000_000))).Accepted);
        process.Refresh();
        Assert.True(process.WorkingSet64 - before < 2L << 30, $"Memory grew by {(process.WorkingSet64 - before) >> 20} MiB.");
    }
}
