using System.Net;
using AccountGrid.Client;
using AccountGrid.Testing;

namespace AccountGrid.Host.Tests.Gateways;

/// <summary>What a gateway does with each answer: every reading is taken, kept or given back, whatever the grid says.</summary>
public sealed class GatewayClientTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeGrid _grid = new();
    private readonly List<RejectedReading> _rejected = [];

    public void Dispose()
    {
        _folder.Dispose();
        _grid.Dispose();
    }

    [Fact]
    public async Task Whatever_is_no_answer_of_the_grid_is_waited_out_and_no_reading_is_given_back()
    {
        HttpResponseMessage Page(HttpStatusCode status) => new(status) { Content = new StringContent("<html>") };
        var answers = new Queue<Func<HttpResponseMessage>>(
        [
            () => FakeGrid.Problem(HttpStatusCode.TooManyRequests, "grid.busy"), () => FakeGrid.Problem(HttpStatusCode.ServiceUnavailable, "grid.unavailable"),
            () => FakeGrid.Problem(HttpStatusCode.Unauthorized, "key.missing_or_unknown"), () => FakeGrid.Problem(HttpStatusCode.Forbidden, "key.not_allowed"),
            () => FakeGrid.Problem(HttpStatusCode.InternalServerError, "grid.error"), () => Page(HttpStatusCode.NotFound), () => Page(HttpStatusCode.OK),
            () => Page(HttpStatusCode.BadRequest), () => Page(HttpStatusCode.RequestEntityTooLarge), () => throw new HttpRequestException("gone"),
            () => throw new TaskCanceledException("too slow"),
            () => new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent("""{"batchId":"b","accepted":1,"duplicates":0,"rejected":2,"errors":[]}"""),
            },
        ]);
        _grid.Answer = _ => answers.TryDequeue(out var next) ? next() : null;
        await SendAsync(3);
        Assert.Equal(3, _grid.Taken.Count);
        Assert.Empty(answers);
        Assert.Empty(_rejected);
    }

    [Fact]
    public async Task A_rejected_reading_is_given_back_with_its_code_and_the_others_go_on()
    {
        _grid.Judge = line => line.Contains("\"M1\"", StringComparison.Ordinal) ? ("reading.value_invalid", "corrected") : null;
        await SendAsync(3);
        Assert.Equal(2, _grid.Taken.Count);
        Assert.Equal(new RejectedReading(new Reading("M1", Start, 1_001), "reading.value_invalid", "It is so.", "corrected"), Assert.Single(_rejected));
    }

    [Fact]
    public async Task A_reading_to_send_later_is_kept_over_a_restart_and_sent_again()
    {
        _grid.Judge = line => line.Contains("\"M1\"", StringComparison.Ordinal) ? ("reading.meter_unknown", "later") : null;
        await SendAsync(3);
        Assert.Equal(2, _grid.Taken.Count);
        _grid.Judge = _ => null;
        await using var gateway = Open();
        Assert.Equal(1, gateway.Pending);
        await RunUntilAsync(gateway, () => _grid.Taken.Count == 3 && gateway.Pending == 0);
        Assert.Empty(_rejected);
    }

    [Fact]
    public async Task A_reading_to_send_later_for_which_there_is_no_room_is_given_back()
    {
        _grid.Judge = _ => ("reading.meter_unknown", "later");
        await SendAsync(3, o => o.LaterBytesMax = 0);
        Assert.Equal(["M0", "M1", "M2"], _rejected.Select(r => r.Reading.Meter));
        Assert.All(_rejected, r => Assert.Equal("later", r.Resend));
    }

    [Fact]
    public async Task A_batch_that_is_not_taken_as_a_whole_is_halved_to_the_reading_that_is_not()
    {
        _grid.Answer = lines => lines.Any(l => l.Contains("\"M5\"", StringComparison.Ordinal))
            ? FakeGrid.Problem(HttpStatusCode.BadRequest, "body.json_invalid")
            : null;
        await SendAsync(8);
        Assert.Equal(7, _grid.Taken.Count);
        var given = Assert.Single(_rejected);
        Assert.Equal(("M5", "body.json_invalid"), (given.Reading.Meter, given.Code));
    }

    [Fact]
    public async Task A_reading_is_given_back_until_the_caller_has_it()
    {
        _grid.Judge = line => line.Contains("\"M1\"", StringComparison.Ordinal) ? ("reading.value_invalid", "corrected") : null;
        var fails = 3;
        await SendAsync(3, o => o.OnRejected = (r, _) =>
        {
            if (fails-- > 0)
            {
                throw new InvalidOperationException("not now");
            }

            _rejected.Add(r);
            return Task.CompletedTask;
        });
        Assert.Equal("M1", Assert.Single(_rejected).Reading.Meter);
        Assert.Equal(2, _grid.Taken.Count);
    }

    [Fact]
    public async Task A_full_buffer_throws_or_waits_and_loses_nothing()
    {
        var readings = Readings(200);
        await using (var gateway = Open(o => o.BufferBytesMax = 64 << 10))
        {
            var added = 0;
            var full = await Assert.ThrowsAsync<BufferFullException>(async () =>
            {
                while (true)
                {
                    await gateway.AddAsync(readings);
                    added++;
                }
            });
            Assert.InRange(full.Bytes, 1, 64 << 10);
            Assert.Equal(added * 200, gateway.Pending);
        }

        await using var waiting = Open(o => (o.BufferBytesMax, o.WhenFull) = (64 << 10, WhenFull.Wait));
        var before = waiting.Pending;
        using var stop = new CancellationTokenSource();
        var adding = Task.WhenAll(Enumerable.Range(0, 20).Select(_ => waiting.AddAsync(readings)));
        Assert.False(adding.IsCompleted);
        var sending = waiting.RunAsync(stop.Token);
        await adding;
        await waiting.WhenSentAsync();
        await stop.CancelAsync();
        await sending;
        Assert.Equal(before + (20 * 200), _grid.Taken.Count);
    }

    [Fact]
    public async Task A_folder_is_one_process_s()
    {
        await using var gateway = Open();
        Assert.Throws<IOException>(() => Open());
    }

    [Fact]
    public async Task A_clock_that_differs_from_the_grids_is_told()
    {
        _grid.Clock = TimeProvider.System.GetUtcNow().AddSeconds(-100);
        _grid.Answer = _ =>
        {
            // A proxy's clock says nothing.
            var busy = FakeGrid.Problem(HttpStatusCode.BadGateway, "unknown");
            busy.Headers.Date = DateTimeOffset.UnixEpoch;
            return _grid.Requests == 1 ? busy : null;
        };
        await using var gateway = Open();
        await gateway.AddAsync(Readings(1));
        await RunUntilAsync(gateway, () => gateway.Pending == 0);
        Assert.InRange(gateway.ClockOffset!.Value.TotalSeconds, 98, 130);
    }

    [Fact]
    public async Task It_counts_what_became_of_readings()
    {
        using var counts = new ResultCounts("accountgrid.gateway.readings", "counted");
        _grid.Judge = line => line.Contains("\"M1\"", StringComparison.Ordinal) ? ("reading.value_invalid", "corrected")
            : line.Contains("\"M2\"", StringComparison.Ordinal) ? ("reading.meter_unknown", "later") : null;
        await SendAsync(5, o => o.Gateway = "counted");
        Assert.Equal(new Dictionary<string, long> { ["accepted"] = 3, ["later"] = 1, ["rejected"] = 1 }, counts.ByResult);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public void It_waits_at_least_as_long_as_the_grid_asks_for_and_else_longer_each_time(HttpStatusCode status)
    {
        var backoff = new Backoff(TimeProvider.System, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(60));
        using var asks = new HttpResponseMessage(status);
        asks.Headers.RetryAfter = new(TimeSpan.FromSeconds(7));
        Assert.InRange(backoff.Next(asks).TotalSeconds, 7, 8.75);
        using var names = new HttpResponseMessage(status);
        names.Headers.Date = Start;
        names.Headers.RetryAfter = new(Start.AddSeconds(20));
        Assert.InRange(backoff.Next(names).TotalSeconds, 20, 25);
        using var none = new HttpResponseMessage(status);
        Assert.InRange(backoff.Next(none).TotalSeconds, 1, 2);
        Assert.InRange(backoff.Next(none).TotalSeconds, 2, 4);
        foreach (var _ in Enumerable.Range(0, 40))
        {
            backoff.Next(null);
        }

        Assert.InRange(backoff.Next(null).TotalSeconds, 30, 60);
        backoff.Succeeded();
        Assert.InRange(backoff.Next(none).TotalMilliseconds, 250, 500);
    }

    [Theory]
    [InlineData("Folder")]
    [InlineData("BatchReadings")]
    [InlineData("BufferBytesMax")]
    [InlineData("Gateway")]
    public void An_option_out_of_its_range_is_named(string name)
    {
        var wrong = Assert.Throws<ArgumentException>(() => Open(o =>
        {
            _ = name switch
            {
                "Folder" => o.Folder = "",
                "BatchReadings" => (o.BatchReadings = 1_001).ToString(System.Globalization.CultureInfo.InvariantCulture),
                "BufferBytesMax" => (o.BufferBytesMax = 65_535).ToString(System.Globalization.CultureInfo.InvariantCulture),
                _ => (o.OnRelay = (_, _) => Task.FromResult<RelayState?>(null)).ToString(),
            };
        }));
        Assert.StartsWith($"{name}: ", wrong.Message, StringComparison.Ordinal);
    }

    private static List<Reading> Readings(int count) => [.. Enumerable.Range(0, count).Select(i => new Reading($"M{i}", Start, 1_000 + i))];

    private GatewayClient Open(Action<GatewayOptions>? change = null)
    {
        var options = new GatewayOptions
        {
            Folder = _folder.Path,
            SendWithin = TimeSpan.Zero,
            RetryFirst = TimeSpan.FromMilliseconds(1),
            RetryMost = TimeSpan.FromMilliseconds(2),
            OnRejected = (r, _) =>
            {
                _rejected.Add(r);
                return Task.CompletedTask;
            },
        };
        change?.Invoke(options);
        return new GatewayClient(options, _grid.Client);
    }

    private async Task SendAsync(int count, Action<GatewayOptions>? change = null)
    {
        await using var gateway = Open(change);
        await gateway.AddAsync(Readings(count));
        using var stop = new CancellationTokenSource();
        var sending = gateway.RunAsync(stop.Token);
        await gateway.WhenSentAsync();
        await stop.CancelAsync();
        await sending;
    }

    private static async Task RunUntilAsync(GatewayClient gateway, Func<bool> isDone)
    {
        using var stop = new CancellationTokenSource();
        var sending = gateway.RunAsync(stop.Token);
        await Eventually.GetAsync(() => Task.FromResult(isDone()), done => done, "It is sent");
        await stop.CancelAsync();
        await sending;
    }
}
