using System.Net.Http.Headers;

namespace AccountGrid.LoadTest.Faults;

/// <summary>Sends requests to the silos in turn, as a client behind a balancer, and notes each answer that no client should ever see.</summary>
internal sealed class FaultClient(FaultGrid grid, FaultHistory history) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http =
        new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(1), PooledConnectionLifetime = TimeSpan.FromSeconds(20) }) { Timeout = Timeout };
    private int _target;

    /// <summary>Throws <see cref="HttpRequestException"/>, <see cref="IOException"/> or <see cref="TaskCanceledException"/> where no answer came.</summary>
    /// <param name="bearer">The API key; null is the administrator's.</param>
    /// <param name="idempotencyKey">Null: none.</param>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken cancel, string? bearer = null, string? idempotencyKey = null)
    {
        var urls = grid.Urls;
        var url = urls[(int)(unchecked((uint)Interlocked.Increment(ref _target)) % (uint)urls.Count)];
        using var request = new HttpRequestMessage(method, url + path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer ?? grid.Key);
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        var response = await _http.SendAsync(request, cancel);
        if (UndocumentedIn(response) is { } wrong)
        {
            history.Impossible.Enqueue($"{method} {path}: {wrong}");
        }

        return response;
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Whatever is broken behind it, the API says "not now" and when to ask again; 500 would be an error of its own.</summary>
    internal static string? UndocumentedIn(HttpResponseMessage response) => (int)response.StatusCode switch
    {
        429 or 503 => response.Headers.RetryAfter is null ? $"{(int)response.StatusCode} without Retry-After" : null,
        >= 500 and var status => $"answered {status}",
        _ => null,
    };
}
