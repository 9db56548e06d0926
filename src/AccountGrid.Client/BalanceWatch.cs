using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace AccountGrid.Client;

/// <summary>An account's balance by server-sent events, over as many connections as it takes.</summary>
internal sealed class BalanceWatch(HttpClient http, string path, TimeProvider time)
{
    /// <summary>The grid sends a comment at least every 10 s: what is silent for longer than three of them is dead.</summary>
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly Backoff _backoff = new(time, FirstWait, LongestWait);
    private long _version = -1;

    public async IAsyncEnumerable<AccountBalance> RunAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            using var response = await ConnectAsync(cancel).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                await foreach (var balance in ReadAsync(response, cancel).ConfigureAwait(false))
                {
                    _backoff.Succeeded();
                    if (balance.Version > _version)
                    {
                        _version = balance.Version;
                        yield return balance;
                    }
                }
            }

            await Task.Delay(_backoff.Next(response), time, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>An answer of success, or one that says "not now".</summary>
    private async Task<HttpResponseMessage> ConnectAsync(CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.Accept.Add(new("text/event-stream"));
                var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel).ConfigureAwait(false);
                if (response.IsSuccessStatusCode || GridConnection.IsNotNow(response) || (int)response.StatusCode is 500 or 502 or 504)
                {
                    return response;
                }

                using (response)
                {
                    throw await GridException.ReadAsync(response, cancel).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (GridConnection.DidNotArrive(e) && !cancel.IsCancellationRequested)
            {
                await Task.Delay(_backoff.Next(null), time, cancel).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Balances until the connection ends, breaks or is silent.</summary>
    private async IAsyncEnumerable<AccountBalance> ReadAsync(HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var silent = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await using var stream = new WatchedStream(await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false), time, SilenceMax, silent);
        var events = SseParser.Create(stream, (_, data) => JsonSerializer.Deserialize(data, ClientJson.Default.AccountBalance)!)
            .EnumerateAsync(silent.Token).GetAsyncEnumerator(CancellationToken.None);
        await using (events.ConfigureAwait(false))
        {
            while (await MoveNextAsync(events, cancel).ConfigureAwait(false))
            {
                yield return events.Current.Data;
            }
        }
    }

    private static async Task<bool> MoveNextAsync(IAsyncEnumerator<SseItem<AccountBalance>> events, CancellationToken cancel)
    {
        try
        {
            return await events.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && (GridConnection.DidNotArrive(e) || e is JsonException))
        {
            return false;
        }
    }
}
