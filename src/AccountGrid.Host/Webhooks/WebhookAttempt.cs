using AccountGrid.Host.Events;

namespace AccountGrid.Host.Webhooks;

/// <summary>How one attempt ended.</summary>
/// <param name="Attempt">Its number, from 1.</param>
/// <param name="Status">HTTP status; null where nothing was answered.</param>
/// <param name="Error">Null where the event was taken.</param>
/// <param name="RetryAfter">What the receiver asked for.</param>
internal sealed record WebhookAttempt(EventPlace Place, int Attempt, int? Status, int DurationMs, string? Error, TimeSpan? RetryAfter)
{
    public bool IsTaken => Error is null;

    /// <summary>The receiver wants no more events, ever.</summary>
    public bool IsGone => Status == 410;

    /// <summary>It says something of the receiver, and not of the event.</summary>
    public bool IsOfTarget => Status is null or 429 or 502 or 503 or 504;
}
