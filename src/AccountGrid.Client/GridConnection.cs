using System.Net;

namespace AccountGrid.Client;

/// <summary>
/// Sends requests to a grid, and repeats what the grid says "not now" to (429, 503) or what did not reach it. A request may then arrive twice: it is one
/// that the grid takes once, because it only asks or has an Idempotency-Key or an id of its own.
/// </summary>
/// <param name="http">Has the grid's address, and the key as its Authorization.</param>
/// <param name="time">The clock; the system's if null.</param>
/// <param name="retryFor">How long a request is repeated before its failure is the caller's; two minutes if null.</param>
public sealed class GridConnection(HttpClient http, TimeProvider? time = null, TimeSpan? retryFor = null)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly TimeSpan _retryFor = retryFor ?? TimeSpan.FromMinutes(2);

    /// <summary>What requests are sent with.</summary>
    public HttpClient Http { get; } = http;

    /// <summary>The answer to a request, of success or of a status that the caller accepts.</summary>
    /// <param name="make">Makes the request; it is made again for each try.</param>
    /// <param name="accept">Statuses besides success that are answers; null is none.</param>
    /// <param name="completion">Whether the answer is read before it is given.</param>
    /// <param name="cancel">Ends the tries.</param>
    /// <exception cref="GridException">The grid refuses.</exception>
    /// <exception cref="HttpRequestException">The grid was not reached for as long as it is tried.</exception>
    public async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, Func<HttpStatusCode, bool>? accept = null,
        HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead, CancellationToken cancel = default)
    {
        var started = _time.GetTimestamp();
        var backoff = new Backoff(_time, FirstWait, LongestWait);
        while (true)
        {
            using var request = make();
            HttpResponseMessage? response = null;
            Exception? failure = null;
            try
            {
                response = await Http.SendAsync(request, completion, cancel).ConfigureAwait(false);
                if (response.IsSuccessStatusCode || accept?.Invoke(response.StatusCode) == true)
                {
                    return response;
                }
            }
            catch (Exception e) when (DidNotArrive(e) && !cancel.IsCancellationRequested)
            {
                failure = e;
            }

            var wait = backoff.Next(response);
            using (response)
            {
                if (!IsNotNow(response) || _time.GetElapsedTime(started) + wait > _retryFor)
                {
                    throw failure ?? await GridException.ReadAsync(response!, cancel).ConfigureAwait(false);
                }
            }

            await Task.Delay(wait, _time, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Whether the same request is to be sent again: no answer came, or the grid said "not now".</summary>
    internal static bool IsNotNow(HttpResponseMessage? response) =>
        response is null || response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;

    internal static bool DidNotArrive(Exception e) => e is HttpRequestException or OperationCanceledException or IOException;
}
