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

    private readonly DateTimeOffset _start = DateTimeOffset.Parse("2026-03-01T00:00:00+08:00", CultureInfo.InvariantCulture);
    private readonly long[] _acknowledged = new long[Senders];

    [Fact]
    public async Task At_three_times_what_it_sustains_the_surplus_is_told_to_wait_and_what_was_acknowledged_is_applied_and_then_all_is_as_before()
    {
        for (var s = 0; s < Senders; s++)
        {
            await _grid.OpenAsync($"STORM{s}");
        }

        // What the grid sustains: so much it applies when everybody sends as fast as he is answered.
        var began = TimeProvider.System.GetTimestamp();
        await StormAsync(TimeSpan.FromSeconds(5), perSecond: double.PositiveInfinity);
        await AllAppliedAsync();
        var sustained = _acknowledged.Sum() / TimeProvider.System.GetElapsedTime(began).TotalSeconds;

        // Three times that, by the clock, whatever is answered.
        using var process = Process.GetCurrentProcess();
        var memory = process.WorkingSet64;
        var before = _acknowledged.Sum();
        var (offered, refused) = await StormAsync(TimeSpan.FromSeconds(10), 3 * sustained);
        var taken = _acknowledged.Sum() - before;
        Assert.True(refused > 0, "The storm was never told to wait: it was none.");
        Assert.True(taken > 0, "Nothing was taken during the storm.");
        Assert.True(offered > 2 * taken, $"{offered} readings were offered and {taken} taken: the storm was none.");

        // Within half a minute of its end everything acknowledged is applied and a reading is taken at once again.
        await AllAppliedAsync();
        Assert.Equal(1, (await _grid.PushAsync(("STORM0", "2026-05-01T00:00:00+08:00", 100_000_000))).Accepted);
        process.Refresh();
        Assert.True(process.WorkingSet64 - memory < 1L << 30, $"Memory grew by {(process.WorkingSet64 - memory) >> 20} MiB.");
    }

    private async Task AllAppliedAsync()
    {
        var ids = Enumerable.Range(0, Senders).Select(s => $"STORM{s}").ToList();
        await Eventually.GetAsync(
            async () => (await _grid.Admin.PostAsync<BalancesAnswer>("/v1/accounts/balances", new BalancesRequest(ids))).Data.Sum(b => b.ChargedWh + b.HeldWh),
            sum => sum == _acknowledged.Sum(), "Everything that was acknowledged is applied");
    }

    /// <summary>
    /// Each sender has a meter of its own and sends its next readings when they are due, or the last ones again if those were refused. Returns how many
    /// readings were offered and how many batches refused.
    /// </summary>
    private async Task<(long Offered, int Refused)> StormAsync(TimeSpan length, double perSecond)
    {
        var period = TimeSpan.FromSeconds(Senders * BatchReadings / perSecond);
        var began = TimeProvider.System.GetTimestamp();
        var (offered, refused) = (0L, 0);
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(async s =>
        {
            for (var due = period * (s / (double)Senders); due < length && TimeProvider.System.GetElapsedTime(began) < length; due += period)
            {
                var early = due - TimeProvider.System.GetElapsedTime(began);
                if (early > TimeSpan.Zero)
                {
                    await Task.Delay(early, TimeProvider.System);
                }

                using var content = new StringContent(Batch(s), Encoding.UTF8, "application/x-ndjson");
                using var response = await _grid.Http.PostAsync("/v1/readings", content);
                Interlocked.Add(ref offered, BatchReadings);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    _acknowledged[s] += BatchReadings;
                    continue;
                }

                Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
                Assert.True(response.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
                Interlocked.Increment(ref refused);
            }
        }));
        return (offered, refused);
    }

    private string Batch(int sender)
    {
        var lines = new StringBuilder();
        for (var n = _acknowledged[sender] + 1; n <= _acknowledged[sender] + BatchReadings; n++)
        {
            lines.Append(CultureInfo.InvariantCulture,
                $"{{\"meter\":\"STORM{sender}\",\"ts\":{_start.AddSeconds(n * 10L).ToUnixTimeMilliseconds()},\"value\":{n}}}\n");
        }

        return lines.ToString();
    }
}
