namespace AccountGrid.Host.Notices;

/// <summary>When a failed message is tried again. Pure; the last failure on the last channel parks it, and nothing is ever dropped.</summary>
internal static class DeliverySchedule
{
    /// <summary>Attempts on a channel that another one follows: a customer should not wait hours for a dead channel.</summary>
    public const int AttemptsBeforeNextChannel = 3;

    /// <summary>Longest wait that a channel may ask for.</summary>
    private static readonly TimeSpan RetryAfterMax = TimeSpan.FromHours(12);

    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14),
        TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>Time until the next attempt after so many failed on the last channel; null parks the message.</summary>
    /// <param name="jitter">0 to 1: spreads retries over a fifth of the wait, so that an outage is not followed by all at once.</param>
    public static TimeSpan? After(int attempts, double jitter = 0.5, TimeSpan? retryAfter = null)
    {
        if (attempts < 1 || attempts > Waits.Length)
        {
            return null;
        }

        var wait = Waits[attempts - 1] * (0.9 + (0.2 * jitter));
        return retryAfter is { } asked && asked > wait ? (asked < RetryAfterMax ? asked : RetryAfterMax) : wait;
    }
}
