using System.Text;
using AccountGrid.Host.Http;
using AccountGrid.Host.Measures;
using AccountGrid.Host.Operations;
using AccountGrid.Host.Security;
using AccountGrid.Testing;
using Microsoft.Extensions.Logging;

namespace AccountGrid.Host.Tests.OperatorConsole;

/// <summary>The page about the grid, and what it is made of.</summary>
public sealed class GridPageTests(GridFixture grid)
{
    [Fact]
    public async Task The_page_shows_rates_partitions_processes_and_gateways()
    {
        await grid.OpenAsync("CGP-1");
        var made = await grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("gateway", "cgp", "G1"));
        using var gateway = grid.WithKey(made.Key);
        const string Reading = "{\"meter\":\"CGP-1\",\"ts\":\"2026-03-01T06:00:00+08:00\",\"value\":100}\n";
        using var content = new StringContent(Reading, Encoding.UTF8, "application/x-ndjson");
        Assert.Equal(200, (await grid.SendAsync(HttpMethod.Post, "/v1/readings", content, http: gateway)).Status);
        var answer = await Eventually.GetAsync(
            () => grid.Admin.GetAsync<GridAnswer>("/v1/operations/grid"),
            a => a is { ReadingsPerSecond: > 0, Acknowledgement.Count: > 0, Freshness.Count: > 0, Lag: 0, Processes.Count: 1, Database.SizeBytes: > 0 },
            "The process has said what it did, and every partition is written");
        var process = Assert.Single(answer.Processes);
        Assert.False(process.IsSilent);
        Assert.Equal(Enumerable.Range(0, 16), answer.Partitions.Select(p => p.Partition));
        Assert.Contains(answer.Partitions, p => p.Records > 0);
        Assert.All(answer.Partitions.Where(p => p.Records > 0), p => Assert.Equal(process.Process, p.Owner));
        Assert.True(answer.Acknowledgement.P50Ms <= answer.Acknowledgement.P99Ms);

        var seen = await Eventually.GetAsync(
            () => grid.Admin.GetAsync<Page<GatewaySeenAnswer>>("/v1/operations/gateways?minutes=0"), p => p.Data.Any(g => g.Gateway == "G1"),
            "When the gateway pushed");
        Assert.DoesNotContain((await grid.Admin.GetAsync<Page<GatewaySeenAnswer>>("/v1/operations/gateways?minutes=1440")).Data, g => g.Gateway == "G1");
        Assert.Equal(400, (await grid.SendAsync(HttpMethod.Get, "/v1/operations/gateways?days=0")).Status);
        Assert.Equal(400, (await grid.SendAsync(HttpMethod.Get, "/v1/operations/gateways?minutes=-1")).Status);
        Assert.True(seen.Data[0].LastPushAt <= grid.Time.GetUtcNow());

        using var browser = await ConsoleBrowser.AsAsync(grid, "auditor", language: "zh-CN");
        await browser.GetAsync("/console/grid");
        Assert.Equal(200, browser.Status);
        Assert.Contains($"<td>{process.Process}</td>", browser.Text, StringComparison.Ordinal);
        Assert.Contains("每秒读数", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("role=\"alert\"", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync("/console/gateways?minutes=0");
        Assert.Contains(">G1</a></td>", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync("/console/gateways?minutes=never");
        Assert.Contains("role=\"alert\"", browser.Text, StringComparison.Ordinal);
    }

    /// <summary>Page by page each meter comes once, whatever the size of a page, and one of another gateway does not.</summary>
    [Fact]
    public async Task Meters_without_readings_are_listed_page_by_page()
    {
        await grid.Admin.RegisterAsync("/v1/gateways", new GatewayRequest("CGP-G"));
        string[] ids = [.. Enumerable.Range(1, 7).Select(n => $"CGP-S{n}")];
        foreach (var id in ids)
        {
            await grid.OpenAsync(id, gateway: "CGP-G");
        }

        await grid.PushAsync([.. ids.Select(id => (id, "2026-03-01T06:00:00+08:00", 300L))]);
        var whole = await Eventually.GetAsync(
            () => AllAsync("hours=1&days=3660&gateway=CGP-G&limit=500"), m => m.Count == 7 && m.TrueForAll(r => r.RegisterWh == 300), "All are read");
        Assert.Equal(ids, whole.Select(m => m.Meter).Order(StringComparer.Ordinal));
        Assert.All(whole, m => Assert.Equal(("CGP-G", m.Meter, "2026-03-01T06:00:00+08:00"),
            (m.Gateway, m.Account, m.LastReadingAt.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-ddTHH:mm:sszzz", null))));
        Assert.Equal(whole, await AllAsync("hours=1&days=3660&gateway=CGP-G&limit=2"));
        var everyone = await AllAsync("hours=1&days=3660&limit=500");
        Assert.Equal(everyone, await AllAsync("hours=1&days=3660&limit=3"));
        Assert.Equal(everyone.Count, everyone.DistinctBy(m => m.Meter).Count());
        Assert.Empty(await AllAsync("hours=1&days=1&gateway=CGP-G"));
        foreach (var wrong in new[] { "hours=0", "days=0", "hours=never", "cursor=x" })
        {
            Assert.Equal((wrong, 400), (wrong, (await grid.SendAsync(HttpMethod.Get, $"/v1/operations/meters?{wrong}")).Status));
        }

        using var browser = await ConsoleBrowser.AsAsync(grid, "auditor");
        await browser.GetAsync("/console/silent-meters?hours=1&days=3660&gateway=CGP-G");
        Assert.Contains("href=\"/console/meters/CGP-S3\"", browser.Text, StringComparison.Ordinal);
        await browser.GetAsync("/console/silent-meters.csv?hours=1&days=3660&gateway=CGP-G");
        Assert.Contains("gateway=CGP-G; UTC; 7 ", browser.Text, StringComparison.Ordinal);
        Assert.Contains("CGP-S3,CGP-G,CGP-S3,", browser.Text, StringComparison.Ordinal);

        async Task<List<SilentMeterAnswer>> AllAsync(string query)
        {
            var (rows, cursor) = (new List<SilentMeterAnswer>(), (string?)"");
            while (cursor is not null)
            {
                var page = await grid.Admin.GetAsync<Page<SilentMeterAnswer>>($"/v1/operations/meters?{query}{(cursor.Length > 0 ? $"&cursor={cursor}" : "")}");
                rows.AddRange(page.Data);
                cursor = page.NextCursor;
            }

            return rows;
        }
    }

    [Fact]
    public async Task A_quarantined_record_is_dismissed_with_a_reason()
    {
        await using (var command = grid.Database.CreateCommand(
            "insert into quarantined_record (partition, position, record_count, cause) values (3, 900000001, 1, 'a <script>alert(1)</script> test')"))
        {
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        try
        {
            using var browser = await ConsoleBrowser.AsAsync(grid, "administrator");
            await browser.GetAsync("/console/grid");
            Assert.Contains("<h3>3-900000001 (1)</h3>", browser.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("<script>alert", browser.Text, StringComparison.Ordinal);
            await browser.DoAsync("quarantine-dismiss", null, ("partition", "3"), ("position", "900000001"), ("action", "dismiss"), ("reason", "kept reason"));
            Assert.True(browser.Went == "/console?done=quarantine-dismiss" || browser.Text.Contains("kept reason", StringComparison.Ordinal), browser.Text);
        }
        finally
        {
            await using var command = grid.Database.CreateCommand("delete from quarantined_record where partition = 3 and position = 900000001");
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Buckets grow by a tenth; a percentile is never below the true one, and at most a tenth above it.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(-5, 0)]
    [InlineData(1, 0)]
    [InlineData(1.1, 1)]
    [InlineData(1.2, 2)]
    [InlineData(600_000, 140)]
    [InlineData(86_400_000, 140)]
    public void A_time_has_its_bucket(double ms, int bucket) => Assert.Equal(bucket, LatencyCounts.BucketOf(TimeSpan.FromMilliseconds(ms)));

    [Fact]
    public void Percentiles_of_several_processes_are_those_of_all_their_counts()
    {
        var random = new Random(7);
        var times = Enumerable.Range(0, 5_000).Select(_ => Math.Exp(random.NextDouble() * 10)).ToList();
        LatencyCounts Of(IEnumerable<double> some) => LatencyCounts.Sum(some.Select(
            t => new LatencyCounts(new Dictionary<int, long> { [LatencyCounts.BucketOf(TimeSpan.FromMilliseconds(t))] = 1 })));
        var all = LatencyCounts.Sum([Of(times.Take(1_000)), Of(times.Skip(1_000)), LatencyCounts.None]);
        Assert.Equal(5_000, all.Count);
        var sorted = times.Order().ToList();
        foreach (var percent in new[] { 1, 50, 95, 99, 100 })
        {
            var right = sorted[((5_000 * percent) + 99) / 100 - 1];
            Assert.InRange(all.At(percent)!.Value, right - 0.06, (right * 1.1) + 0.06);
        }

        Assert.Null(LatencyCounts.None.At(50));
    }

    [Fact]
    public void A_window_forgets_after_a_minute()
    {
        var time = new ShiftedTime();
        time.Shift(DateTimeOffset.UnixEpoch.AddDays(20_000) - time.GetUtcNow());
        var window = new LatencyWindow(time);
        window.Add(TimeSpan.FromMilliseconds(10), 3);
        time.Shift(TimeSpan.FromSeconds(40));
        window.Add(TimeSpan.FromMilliseconds(20), 4);
        Assert.Equal(7, window.Read().Count);
        time.Shift(TimeSpan.FromSeconds(21));
        Assert.Equal(4, window.Read().Count);
        time.Shift(TimeSpan.FromSeconds(60));
        Assert.Equal(0, window.Read().Count);
        window.Add(TimeSpan.FromMilliseconds(20), 1);
        Assert.Equal(1, window.Read().Count);
    }

    /// <summary>During an upgrade processes of two releases write rows; the page shows both.</summary>
    [Theory]
    [InlineData("{}", 0)]
    [InlineData("[]", 0)]
    [InlineData("{\"readings\":7,\"isNew\":{\"x\":1},\"faults\":null,\"freshness\":{}}", 7)]
    public void What_another_release_wrote_is_read_as_far_as_it_is_known(string json, long readings)
    {
        var body = ProcessBody.Read(json);
        Assert.Equal((readings, 0L, 0L, 0), (body.Readings, body.Freshness.Count, body.Acknowledgements.Count, body.Faults.Count));
        var own = new ProcessBody("1.2.3", DateTimeOffset.UnixEpoch, 5, new(new Dictionary<int, long> { [3] = 4 }), LatencyCounts.None, [], 9);
        Assert.Equal(own.Write(), ProcessBody.Read(own.Write()).Write());
    }

    /// <summary>Values of a message are of customers; only its template is kept, and kinds are counted.</summary>
    [Fact]
    public void A_fault_is_kept_without_its_values()
    {
        using var faults = new FaultLog(TimeProvider.System);
        var logger = faults.CreateLogger("AccountGrid.Host.Notices.Dispatcher");
        for (var i = 0; i < 3; i++)
        {
#pragma warning disable CA1848, CA2254
            logger.Log(LogLevel.Warning, new EventId(42), new InvalidOperationException("secret"), "Sending to {Address} failed.", "13800001111");
#pragma warning restore CA1848, CA2254
        }

        logger.Log(LogLevel.Information, new EventId(43), "nothing");
        var fault = Assert.Single(faults.Faults);
        Assert.Equal(("warning", "Dispatcher", 42, "Sending to {Address} failed. (InvalidOperationException)", 3L),
            (fault.Level, fault.Category, fault.Event, fault.Text, fault.Count));
        for (var i = 0; i < 100; i++)
        {
            logger.Log(LogLevel.Error, new EventId(1_000 + i), "x");
        }

        Assert.Equal(20, faults.Faults.Count);
    }
}
