using System.Threading.RateLimiting;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Security;

/// <summary>
/// How much one caller may ask for: each key by itself, and by address whoever shows none that is valid. Beyond it the answer is 429 with the time to wait;
/// nothing was done.
/// </summary>
internal sealed class RateLimits(SecurityOptions options) : IDisposable
{
    /// <summary>What people look at: a refusal there is a page, which whoever has the page adds.</summary>
    private static readonly PathString[] Pages = [OperatorSessionHandler.Path, "/my"];

    /// <summary>How often a bucket of ten requests a second or more is filled up.</summary>
    private static readonly TimeSpan Replenishment = TimeSpan.FromMilliseconds(100);

    private readonly PartitionedRateLimiter<HttpContext> _callers = PartitionedRateLimiter.Create<HttpContext, string>(http =>
    {
        var key = http.User.Identity?.IsAuthenticated == true ? http.User.Person() : null;
        return key is null
            ? Bucket("address " + http.Connection.RemoteIpAddress, options.StrangersPerSecond, options.StrangersPerSecond)
            : Bucket(key, options.RequestsPerSecond, options.RequestsAtOnce);
    });

    private readonly PartitionedRateLimiter<string> _guesses =
        PartitionedRateLimiter.Create<string, string>(address => Bucket(address, options.StrangersPerSecond, options.StrangersPerSecond));

    /// <summary>Middleware behind authentication.</summary>
    public async Task GuardAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Path.StartsWithSegments("/health"))
        {
            await next(http);
            return;
        }

        using var lease = _callers.AttemptAcquire(http);
        if (lease.IsAcquired)
        {
            await next(http);
            return;
        }

        await RefuseAsync(http);
    }

    /// <summary>Counts one more request of a caller whose call stays open, and waits for as long as that would be too many.</summary>
    public async Task WaitAsync(HttpContext http, TimeProvider time, CancellationToken cancel)
    {
        while (true)
        {
            using (var lease = _callers.AttemptAcquire(http))
            {
                if (lease.IsAcquired)
                {
                    return;
                }
            }

            await Task.Delay(Replenishment, time, cancel);
        }
    }

    /// <summary>Answers 429. A caller that is only too much at the moment must not hear that its key is wrong: it would give up what it came with.</summary>
    public Task RefuseAsync(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "1";
        if (Pages.Any(p => http.Request.Path.StartsWithSegments(p)))
        {
            // Said by a page, in the reader's language.
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return Task.CompletedTask;
        }

        return Problems.Of(AccessRefusals.KeyTooManyRequests,
            $"More than {options.RequestsPerSecond} requests a second of one key, or {options.StrangersPerSecond} without a valid one: send the request "
                + "again after Retry-After.").ExecuteAsync(http);
    }

    /// <summary>
    /// Whether an address may try a key that this process does not know: looking one up costs more than asking with it. Only wrong ones count, so that a
    /// silo that has just started, or hears all clients of a silo that died, does not take its callers for guessers.
    /// </summary>
    public bool MayGuess(HttpContext http) => _guesses.GetStatistics(AddressOf(http)) is not { CurrentAvailablePermits: < 1 };

    /// <summary>A key of this address was wrong.</summary>
    public void CountWrongKey(HttpContext http)
    {
        using var lease = _guesses.AttemptAcquire(AddressOf(http));
    }

    public void Dispose()
    {
        _callers.Dispose();
        _guesses.Dispose();
    }

    private static string AddressOf(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "";

    private static RateLimitPartition<string> Bucket(string name, int perSecond, int atOnce) => perSecond <= 0
        ? RateLimitPartition.GetNoLimiter(name)
        : RateLimitPartition.GetTokenBucketLimiter(name,
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = Math.Max(atOnce, perSecond),
                TokensPerPeriod = Math.Max(1, perSecond / 10),
                ReplenishmentPeriod = perSecond >= 10 ? Replenishment : TimeSpan.FromSeconds(1),
                QueueLimit = 0
            });
}
