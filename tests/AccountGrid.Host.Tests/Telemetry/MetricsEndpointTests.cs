using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Telemetry;
using AccountGrid.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.Telemetry;

/// <summary>What Prometheus fetches from a process, after real readings, payments and refusals.</summary>
public sealed class MetricsEndpointTests(MetricsEndpointTests.MeteredGrid metered) : IClassFixture<MetricsEndpointTests.MeteredGrid>
{
    private GridFixture Grid => metered.Grid;

    [Fact]
    public async Task Readings_payments_and_refusals_are_counted_where_Prometheus_fetches_them()
    {
        await Grid.OpenAsync("met-1");
        await Grid.BalanceAsync("met-1", "0.000000000");
        var before = await FetchAsync();
        var (accepted, rejected) = await PushAsync("met-1");
        Assert.Equal((2, 1), (accepted, rejected));
        await Grid.SendAsync(HttpMethod.Post, "/v1/accounts/met-1/payments", new PaymentRequest("12.50", "counter", "r"), "met-1-paid");
        // Each is counted when it has been done, in an order of its own.
        string[] last =
        [
            "accountgrid_ledger_entries_total", "accountgrid_ledger_amount_total", "accountgrid_fold_delay_seconds_count",
            "accountgrid_flush_duration_seconds_count", "accountgrid_log_commit_duration_seconds_count",
        ];
        var after = await Eventually.GetAsync(FetchAsync, m => last.All(n => Of(m, n) > Of(before, n))
            && Of(m, last[0], "payment") > Of(before, last[0], "payment") && Of(m, last[1], "payment") > Of(before, last[1], "payment"),
            "All that follows a reading and a payment is counted");
        double Grown(string name, params string[] labels) => Of(after, name, labels) - Of(before, name, labels);
        Assert.Equal(2, Grown("accountgrid_readings_total", "accepted"));
        Assert.Equal(1, Grown("accountgrid_readings_total", "rejected", "reading.meter_unknown"));
        Assert.Equal(12.5, Grown("accountgrid_ledger_amount_total", "payment", "CNY", "credit"), 1e-9);
        // A partition is active from its first record on. Other grids of this process have a gauge of the same name.
        Assert.InRange(Grid.Host.Services.GetRequiredService<PartitionPositions>().Count, 1, 16);
        Assert.Contains(after, l => l.StartsWith("accountgrid_partitions{", StringComparison.Ordinal));
        Assert.Contains(after, l => l.StartsWith("accountgrid_partition_lag{", StringComparison.Ordinal));
        Assert.True(Of(after, "accountgrid_flush_duration_seconds_count", "effects") >= 1);
        Assert.Contains(after, l => l.StartsWith("http_server_request_duration_seconds_count", StringComparison.Ordinal) && l.Contains("/v1/readings"));
    }

    [Fact]
    public async Task The_port_has_the_metrics_alone_and_the_API_does_not_have_them()
    {
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri(metered.Url + "/v1/accounts/met-1"))).StatusCode);
        Assert.Equal(404, (await Grid.SendAsync(HttpMethod.Get, "/metrics", null)).Status);
    }

    [Fact]
    public async Task Started_is_said_apart_from_ready()
    {
        var readiness = Grid.Host.Services.GetRequiredService<Host.Hosting.GridReadiness>();
        readiness.IsReady = false;
        try
        {
            Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Get, "/health/startup", null)).Status);
            Assert.Equal(503, (await Grid.SendAsync(HttpMethod.Get, "/health/ready", null)).Status);
        }
        finally
        {
            readiness.IsReady = true;
        }

        Assert.False(new Host.Hosting.GridReadiness().HasBeenReady);
    }

    [Fact]
    public async Task The_database_says_what_waits_for_a_channel_and_for_a_person()
    {
        var sampler = Grid.Host.Services.GetRequiredService<GridSampler>();
        var token = TestContext.Current.CancellationToken;
        Assert.Equal((0, 0), ((await sampler.LookAsync(token)).CutsHeld, (await sampler.LookAsync(token)).QuarantinedRecords));
        await Grid.SendAsync(HttpMethod.Post, "/v1/operations/cuts", new Host.Supply.CutsRequest(true, "storm"));
        try
        {
            Assert.True((await sampler.LookAsync(token)).CutsStopped);
        }
        finally
        {
            await Grid.SendAsync(HttpMethod.Post, "/v1/operations/cuts", new Host.Supply.CutsRequest(false, "over"));
        }

        await ExecuteAsync("""
            insert into outbox (partition, id, account, position, kind, body, created_ms, state, next_attempt_at)
            values (0, 'met-waits', 0, 0, 'low-balance', '{}', 0, 'queued', $1), (0, 'met-not-yet', 0, 0, 'low-balance', '{}', 0, 'queued', $2)
            """, Grid.Time.GetUtcNow().UtcDateTime.AddSeconds(-90), Grid.Time.GetUtcNow().UtcDateTime.AddHours(1));
        try
        {
            var sample = await sampler.LookAsync(token);
            Assert.True(sample.OutboxWaiting >= 1);
            Assert.InRange(sample.OutboxAgeSeconds, 90, 3_000);

            // A channel failed to take it, and its next try is an hour away: it waits all the same.
            await ExecuteAsync("update outbox set attempts = 3, created_ms = $1 where partition = 0 and id = 'met-not-yet'",
                Grid.Time.GetUtcNow().AddHours(-2).ToUnixTimeMilliseconds());
            var later = await sampler.LookAsync(token);
            Assert.Equal(sample.OutboxWaiting + 1, later.OutboxWaiting);
            Assert.InRange(later.OutboxAgeSeconds, 7_200, 10_000);
        }
        finally
        {
            await ExecuteAsync("delete from outbox where partition = 0 and id like 'met-%'");
        }
    }

    /// <summary>While nobody pushes, the grid is away and no gateway: only what others do tells that one is silent.</summary>
    [Fact]
    public async Task Gateways_that_push_nothing_while_others_push_are_silent()
    {
        var sampler = Grid.Host.Services.GetRequiredService<GridSampler>();
        var now = Grid.Time.GetUtcNow().UtcDateTime;
        await ExecuteAsync("insert into gateway (id) select 'silent-' || n from generate_series(1, 5) n");
        try
        {
            foreach (var (gateway, at) in new[] { (1, now), (2, now.AddMinutes(-59)), (3, now.AddMinutes(-61)), (4, now.AddDays(-6)), (5, now.AddDays(-8)) })
            {
                await ExecuteAsync("insert into gateway_seen select number, $1 from gateway where id = $2", at, $"silent-{gateway}");
            }

            Assert.Equal(2, (await sampler.LookAsync(TestContext.Current.CancellationToken)).GatewaysSilent);
            await ExecuteAsync("update gateway_seen set at = at - interval '5 hours'");
            Assert.Equal(2, (await sampler.LookAsync(TestContext.Current.CancellationToken)).GatewaysSilent);
        }
        finally
        {
            await ExecuteAsync("delete from gateway_seen");
            await ExecuteAsync("delete from gateway where id like 'silent-%'");
        }
    }

    [Fact]
    public void Without_a_listener_nothing_is_counted_and_names_are_in_kebab_case()
    {
        var seen = new List<string>();
        using (var listener = new MeterListener())
        {
            listener.InstrumentPublished = (i, l) =>
            {
                if (i.Meter.Name == GridMetrics.Name && i.Name == "accountgrid.cuts")
                {
                    l.EnableMeasurementEvents(i);
                }
            };
            listener.SetMeasurementEventCallback<long>((_, n, tags, _) =>
                seen.Add($"{n} {string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}"))}"));
            listener.Start();
            GridMetrics.Cut("refused", "cut.promise_kept");
            GridMetrics.Cut("held");
        }

        GridMetrics.Cut("released");
        Assert.Equal(["1 accountgrid.outcome=refused error.type=cut.promise_kept", "1 accountgrid.outcome=held"], seen);
        Assert.Equal(("late-fee", "charge"), (GridMetrics.KebabCase("LateFee"), GridMetrics.KebabCase("Charge")));
    }

    [Theory]
    [InlineData("ftp://x", "127.0.0.1", "a", "Telemetry__OtlpEndpoint: 'ftp://x' is not an address such as http://127.0.0.1:4317.")]
    [InlineData("http://collector.example:4317", "127.0.0.1", "a",
        "Telemetry__OtlpEndpoint: 'http://collector.example:4317' leaves the machine unencrypted; log lines name accounts and people: use "
            + "https, or a collector here.")]
    [InlineData("https://collector.example:4317", "127.0.0.1", "a", null)]
    [InlineData("", "localhost", "a", "Telemetry__MetricsAddress: 'localhost' is not an IP address such as 127.0.0.1.")]
    [InlineData("", "::1", " ", "Telemetry__ServiceName: it is empty; a name such as accountgrid is needed.")]
    [InlineData("http://127.0.0.1:4317", "::1", "a", null)]
    public void A_wrong_setting_is_named(string otlp, string address, string name, string? problem) =>
        Assert.Equal(problem, new TelemetryOptions { OtlpEndpoint = otlp, MetricsAddress = address, ServiceName = name }.Problem());

    private async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Grid.Database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private async Task<(int Accepted, int Rejected)> PushAsync(string meter)
    {
        var answer = await Grid.Admin.PushAsync(System.Text.Encoding.UTF8.GetBytes($$"""
            {"meter":"{{meter}}","ts":"2026-03-01T01:00:00+08:00","value":1000}
            {"meter":"{{meter}}","ts":"2026-03-01T02:00:00+08:00","value":2000}
            {"meter":"met-nobody","ts":"2026-03-01T02:00:00+08:00","value":2000}
            """));
        return (answer.Accepted, answer.Rejected);
    }

    private async Task<string[]> FetchAsync()
    {
        using var http = new HttpClient();
        return (await http.GetStringAsync(new Uri(metered.Url + "/metrics"))).Split('\n');
    }

    /// <summary>Sum of the samples of a name whose labels have all of these values.</summary>
    private static double Of(string[] lines, string name, params string[] labels) => lines
        .Where(l => (l.StartsWith(name + "{", StringComparison.Ordinal) || l.StartsWith(name + " ", StringComparison.Ordinal))
            && labels.All(v => l.Contains($"\"{v}\"", StringComparison.Ordinal)))
        .Sum(l => double.Parse(l[(l.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>A grid whose metrics can be fetched.</summary>
    public sealed class MeteredGrid : IAsyncLifetime
    {
        private readonly int _port = FreePort();

        public MeteredGrid() => Grid = new GridFixture { More = [$"--Telemetry:MetricsPort={_port}"] };

        public GridFixture Grid { get; }

        public string Url => $"http://127.0.0.1:{_port}";

        public ValueTask InitializeAsync() => Grid.InitializeAsync();

        public ValueTask DisposeAsync() => Grid.DisposeAsync();

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
