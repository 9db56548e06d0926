using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Accounts;

/// <summary>
/// An account's balance as server-sent events: one at once, one at each change, and a comment where nothing changes for <see cref="Heartbeat"/>, so that a
/// reader (and a proxy between) can tell a quiet account from a connection that is dead. It outlives the silo of the account's grain: the account is followed
/// again from wherever it is then. It ends with its reader, with its process, and within <see cref="AskedAgain"/> of the end of its caller's right.
/// </summary>
internal sealed class AccountStream(
    string id, IGrainFactory grains, AccountReader reader, StreamAccess access, AccountStreams streams, CancellationToken stopping, TimeProvider time,
    JsonSerializerOptions json) : IResult
{
    /// <summary>
    /// Longest silence. Proxies commonly end a connection after 30 to 60 s without a byte; the HTML standard (server-sent events, authoring notes) suggests 15
    /// s.
    /// </summary>
    internal static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    /// <summary>How often it is asked whether the caller may still have the stream.</summary>
    internal static readonly TimeSpan AskedAgain = TimeSpan.FromSeconds(5);

    /// <summary>How long a stream goes on while that cannot be asked, because the database is away.</summary>
    private static readonly TimeSpan Trusted = TimeSpan.FromMinutes(1);

    /// <summary>How long after a fault the account is followed again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public async Task ExecuteAsync(HttpContext http)
    {
        var caller = http.User;
        if (!streams.TryOpen(caller))
        {
            http.Response.Headers.RetryAfter = "10";
            await Problems.Of(GridRefusals.StreamTooMany,
                $"{streams.MaxOf(caller)} streams of this key are already open, which is the most allowed. Close one, or ask for the balance instead.")
                .ExecuteAsync(http);
            return;
        }

        try
        {
            await RunAsync(http);
        }
        finally
        {
            streams.Close(caller);
        }
    }

    private async Task RunAsync(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-cache,no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";

        // An open stream must not hold up the process that is to stop; its reader connects again elsewhere.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);

        // A slow reader gets the latest state, not a queue of old ones.
        var news = Channel.CreateBounded<SentBalance>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        var following = FollowAsync(news.Writer, LastSeen(http.Request), end.Token);
        var watching = WatchAsync(http, end);
        try
        {
            await SendAsync(http.Response, news.Reader, end.Token);
        }
        catch (Exception e) when (end.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // The reader went, the process stops, or the caller's right has ended: so does a stream.
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(following, watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Ends the stream when its caller may not have it any more.</summary>
    private async Task WatchAsync(HttpContext http, CancellationTokenSource end)
    {
        var asked = TimeProvider.System.GetTimestamp();
        while (true)
        {
            await Task.Delay(AskedAgain, TimeProvider.System, end.Token);
            try
            {
                if (!await access.IsLeftAsync(http))
                {
                    break;
                }

                asked = TimeProvider.System.GetTimestamp();
            }
            catch (Exception e) when (!end.IsCancellationRequested && (e is OrleansException || PassingFaults.Is(e)))
            {
                if (TimeProvider.System.GetElapsedTime(asked) > Trusted)
                {
                    break;
                }
            }
        }

        await end.CancelAsync();
    }

    private async Task SendAsync(HttpResponse response, ChannelReader<SentBalance> news, CancellationToken cancel)
    {
        await response.WriteAsync(": the balance now, unless Last-Event-ID names it, and at every change; a comment at least every 10 s\n\n", cancel);
        await response.Body.FlushAsync(cancel);
        while (!cancel.IsCancellationRequested)
        {
            var text = await NextAsync(news, cancel) is { } balance
                ? string.Create(CultureInfo.InvariantCulture, $"event: balance\nid: {balance.Version}\ndata: {balance.Json}\n\n")
                : ": nothing changed\n\n";
            await response.WriteAsync(text, cancel);
            await response.Body.FlushAsync(cancel);
        }
    }

    /// <summary>The next balance; null if there is none within a heartbeat.</summary>
    private async Task<SentBalance?> NextAsync(ChannelReader<SentBalance> news, CancellationToken cancel)
    {
        using var beat = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var timer = time.CreateTimer(_ => beat.Cancel(), null, Heartbeat, Timeout.InfiniteTimeSpan);
        try
        {
            return await news.ReadAsync(beat.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>
    /// The version that a reader who connects again has: it is not sent another time. Whatever else is in the header is no version of an account, and a browser
    /// that is refused for it never connects again.
    /// </summary>
    private static long? LastSeen(HttpRequest request) =>
        long.TryParse(request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;

    private async Task FollowAsync(ChannelWriter<SentBalance> news, long? sent, CancellationToken cancel)
    {
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                try
                {
                    await foreach (var view in grains.Account(id).Changes(cancel).WithCancellation(cancel))
                    {
                        if (view.Version != sent)
                        {
                            news.TryWrite(new SentBalance(view.Version, JsonSerializer.Serialize(await reader.BalanceAsync(view), json)));
                            sent = view.Version;
                        }
                    }
                }
                catch (Exception e) when (!cancel.IsCancellationRequested
                    && (e is OrleansException or EnumerationAbortedException or OperationCanceledException || PassingFaults.Is(e)))
                {
                    // Its grain's silo is gone, or the database away: the account is looked for again.
                }

                await Task.Delay(Pause, time, cancel);
            }
        }
        catch (Exception e)
        {
            news.TryComplete(e);
        }
    }

    private sealed record SentBalance(long Version, string Json);
}
