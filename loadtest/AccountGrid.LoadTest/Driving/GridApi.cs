using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Http;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Notices;

namespace AccountGrid.LoadTest.Driving;

/// <summary>
/// The API as a gateway service and a web application use it, without retries of what it measures: those are the driver's to see and to count.
/// </summary>
public sealed class GridApi : IDisposable
{
    /// <summary>How often a question that changes nothing is asked again, half a second apart, while the grid says "not now".</summary>
    private const int NotNowTries = 60;

    private readonly HttpClient[] _http;
    private int _next;

    /// <param name="urls">Addresses of the grid's processes; requests go to them in turn.</param>
    public GridApi(IReadOnlyList<string> urls, string key, TimeSpan timeout)
    {
        _http = [
            .. urls.Select(
                url => new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = Timeout.InfiniteTimeSpan, ConnectTimeout = TimeSpan.FromSeconds(2) })
        {
            BaseAddress = new Uri(url), Timeout = timeout, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
        })];
    }

    /// <param name="key">The gateway's own; null is the one that all else is asked with.</param>
    public async Task<PushOutcome> PushAsync(ReadOnlyMemory<byte> ndjson, AuthenticationHeaderValue? key, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post,
            "/v1/readings")
        { Content = new ReadOnlyMemoryContent(ndjson) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } } };
        request.Headers.Authorization = key;
        using var response = await Next().SendAsync(request, cancel);
        if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity)
        {
            return new PushOutcome(await response.Content.ReadFromJsonAsync<BatchAnswer>(JsonSerializerOptions.Web, cancel), response.StatusCode, default);
        }

        return new PushOutcome(null, response.StatusCode, response.Headers.RetryAfter?.Delta ?? TimeSpan.FromMilliseconds(500));
    }

    public async Task<BalanceAnswer> BalanceAsync(string account, CancellationToken cancel) =>
        (await Next().GetFromJsonAsync<BalanceAnswer>($"/v1/accounts/{account}/balance", cancel))!;

    /// <summary>When the oldest message of a kind to an account was handed over; null if none was.</summary>
    public async Task<DateTimeOffset?> NoticeSentAsync(string account, string kind, CancellationToken cancel)
    {
        var notices = await AskAsync(() => Next().GetFromJsonAsync<Page<NoticeAnswer>>($"/v1/accounts/{account}/notices", cancel), cancel);
        return notices!.Data.Where(n => n.Kind == kind).Min(n => n.SentAt);
    }

    /// <summary>
    /// Asks again, for half a minute at least, while the grid says "not now": a partition is on its way, or a process was just started again.
    /// </summary>
    private static async Task<T> AskAsync<T>(Func<Task<T>> question, CancellationToken cancel)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await question();
            }
            catch (Exception e) when (tries < NotNowTries && IsNotNow(e, cancel))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, cancel);
            }
        }
    }

    /// <summary>A process that is away, busy, or did not answer in time.</summary>
    private static bool IsNotNow(Exception e, CancellationToken cancel) => e switch
    {
        HttpRequestException http => http.StatusCode is null or HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests
            or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway,
        OperationCanceledException => !cancel.IsCancellationRequested,
        _ => e is IOException,
    };

    public async Task PayAsync(string account, string amount, string key, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post,
            $"/v1/accounts/{account}/payments")
        {
            Content = JsonContent.Create(new PaymentRequest(amount, "counter")),
            Headers = { { "Idempotency-Key", key } }
        };
        using var response = await Next().SendAsync(request, cancel);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Asks once; throws what the way there says.</summary>
    public async Task<BalancesAnswer> BalancesOnceAsync(IReadOnlyList<string> accounts, CancellationToken cancel)
    {
        using var response = await Next().PostAsJsonAsync("/v1/accounts/balances", new BalancesRequest(accounts), cancel);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<BalancesAnswer>(cancel))!;
    }

    /// <summary>Balances of up to 2,000 accounts, asked for again while the grid says "not now".</summary>
    public Task<BalancesAnswer> BalancesAsync(IReadOnlyList<string> accounts, CancellationToken cancel) =>
        AskAsync(() => BalancesOnceAsync(accounts, cancel), cancel);

    /// <summary>The live stream of an account, line by line; ends when the caller cancels.</summary>
    public async Task<StreamReader> SubscribeAsync(string account, CancellationToken cancel)
    {
        var response = await Next().GetAsync($"/v1/accounts/{account}/stream", HttpCompletionOption.ResponseHeadersRead, cancel);
        response.EnsureSuccessStatusCode();
        return new StreamReader(await response.Content.ReadAsStreamAsync(cancel));
    }

    public void Dispose() => Array.ForEach(_http, h => h.Dispose());

    private HttpClient Next() => _http.Length == 1 ? _http[0] : _http[(int)(unchecked((uint)Interlocked.Increment(ref _next)) % (uint)_http.Length)];
}
