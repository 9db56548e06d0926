using AccountGrid.Host.Accounts;

namespace AccountGrid.Host.Tests;

/// <summary>An account's balance as server-sent events: at once, at each change, and never silent for long.</summary>
public sealed class AccountStreamTests(GridFixture grid)
{
    [Fact]
    public async Task A_stream_tells_each_change_and_something_within_a_heartbeat_while_nothing_changes()
    {
        await grid.OpenAsync("SSE1");
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var response = await grid.Http.GetAsync("/v1/accounts/SSE1/stream", HttpCompletionOption.ResponseHeadersRead, end.Token);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(end.Token));
        Assert.StartsWith(": ", await reader.ReadLineAsync(end.Token), StringComparison.Ordinal);
        Assert.Contains("\"amount\":\"0.000000000\"", await DataAsync(), StringComparison.Ordinal);

        // Two heartbeats without a change: comments, no second event of what is known.
        var began = TimeProvider.System.GetTimestamp();
        for (var beats = 0; beats < 2; beats++)
        {
            string line;
            do
            {
                line = (await reader.ReadLineAsync(end.Token))!;
                Assert.DoesNotContain("data:", line, StringComparison.Ordinal);
            }
            while (!line.StartsWith(':'));
        }

        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 1, (2 * AccountStream.Heartbeat.TotalSeconds) + 5);
        await grid.SendAsync(HttpMethod.Post, "/v1/accounts/SSE1/payments", new PaymentRequest("5"), "sse1");
        Assert.Contains("\"amount\":\"5.000000000\"", await DataAsync(), StringComparison.Ordinal);

        async Task<string> DataAsync()
        {
            while (true)
            {
                var line = (await reader.ReadLineAsync(end.Token))!;
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    return line;
                }
            }
        }
    }
}
