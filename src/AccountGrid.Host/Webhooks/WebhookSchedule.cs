namespace AccountGrid.Host.Webhooks;

/// <summary>When a delivery that failed is tried again.</summary>
internal static class WebhookSchedule
{
    /// <summary>Attempts before a delivery is given up: with the default setting they end after about a day.</summary>
    public const int AttemptsMax = 11;

    private static readonly TimeSpan Longest = TimeSpan.FromHours(6);

    /// <summary>The wait after an attempt; null gives the delivery up.</summary>
    /// <param name="attempt">From 1.</param>
    /// <param name="first">The wait after the first.</param>
    /// <param name="random">From 0 to 1: a fifth less to a fifth more, so that what failed together does not come back together.</param>
    /// <param name="asked">What the receiver asked for by Retry-After; no less is waited.</param>
    public static TimeSpan? After(int attempt, TimeSpan first, double random, TimeSpan? asked)
    {
        if (attempt >= AttemptsMax)
        {
            return null;
        }

        var wait = Math.Min(first.TotalSeconds * Math.Pow(4, attempt - 1), Longest.TotalSeconds) * (0.8 + (0.4 * random));
        return TimeSpan.FromSeconds(Math.Max(wait, Math.Min(asked?.TotalSeconds ?? 0, Longest.TotalSeconds)));
    }
}
