namespace AccountGrid.Domain.Figures;

/// <summary>For how long a payment channel was available. Source: SERVICE.md, channel scorecard: probe, heartbeats and successes.</summary>
public static class ChannelAvailability
{
    /// <summary>
    /// Time of a period in which the channel was available, ms. Each sign of life speaks for the time of silence behind it, or until a probe fails. A sign from
    /// before the period speaks for its begin, so that a gap is cut at the border of two days and nothing of it is counted twice.
    /// </summary>
    /// <param name="signs">In any order. Of two at one instant the failed one decides.</param>
    /// <param name="fromMs">UTC ms, included.</param>
    /// <param name="untilMs">UTC ms, not included.</param>
    /// <param name="silenceMs">More than 0.</param>
    public static long UpMs(IEnumerable<SignOfLife> signs, long fromMs, long untilMs, long silenceMs)
    {
        Invariant.Holds(silenceMs > 0, $"A silence of {silenceMs} ms is none.");
        var (up, since, until) = (0L, fromMs, fromMs);
        foreach (var sign in signs.Where(s => s.AtMs < untilMs).OrderBy(s => s.AtMs).ThenByDescending(s => s.IsUp))
        {
            // What the signs before speak for ends here; what is left of it goes on only if this one is a sign of life.
            var at = Math.Max(sign.AtMs, fromMs);
            up += Math.Max(0, Math.Min(until, at) - since);
            since = Math.Max(since, at);
            until = sign.IsUp ? Math.Max(until, sign.AtMs + silenceMs) : since;
        }

        return up + Math.Max(0, Math.Min(until, untilMs) - since);
    }
}
