using System.Security.Cryptography;

namespace AccountGrid.Client;

/// <summary>
/// How long to wait before the next try: what the answer's Retry-After says, or else twice as long at each failure in a row. Always with some of it by chance,
/// so that many clients that were refused together do not come back together.
/// </summary>
internal sealed class Backoff(TimeProvider time, TimeSpan first, TimeSpan most)
{
    /// <summary>A header that asks for longer than this is not believed.</summary>
    private static readonly TimeSpan RetryAfterMax = TimeSpan.FromHours(1);

    private const int DoublingsMax = 20;

    private int _failures;

    public void Succeeded() => _failures = 0;

    public TimeSpan Next(HttpResponseMessage? response)
    {
        var doubled = first * Math.Pow(2, Math.Min(_failures++, DoublingsMax));
        if (AskedFor(response) is { } asked)
        {
            // Never sooner than asked for; up to a quarter later.
            return asked + (Chance() * TimeSpan.FromTicks(Math.Max(asked.Ticks / 4, TimeSpan.TicksPerMillisecond * 250)));
        }

        var longest = doubled < most ? doubled : most;
        return (longest / 2) + (Chance() * (longest / 2));
    }

    private TimeSpan? AskedFor(HttpResponseMessage? response)
    {
        var header = response?.Headers.RetryAfter;
        var asked = header?.Delta ?? (header?.Date is { } date ? date - (response!.Headers.Date ?? time.GetUtcNow()) : null);
        return asked is not { } wait ? null : wait < TimeSpan.Zero ? TimeSpan.Zero : wait < RetryAfterMax ? wait : RetryAfterMax;
    }

    private static double Chance() => RandomNumberGenerator.GetInt32(1_000_001) / 1_000_000d;
}
