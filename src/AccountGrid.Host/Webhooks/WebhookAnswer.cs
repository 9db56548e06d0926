namespace AccountGrid.Host.Webhooks;

/// <summary>A webhook.</summary>
/// <param name="Kinds">Empty is all.</param>
/// <param name="State"><c>active</c> or <c>paused</c>.</param>
/// <param name="PausedWhy"><c>asked</c>, <c>failing</c>, <c>gone</c> (410), <c>key-ended</c> or <c>expired</c>.</param>
/// <param name="Failures">Attempts that failed since the last success.</param>
/// <param name="FailingSince">Since when nothing succeeded; absent where the last attempt did.</param>
/// <param name="Queued">Deliveries that wait, at most 50,000; more events may wait behind them in the list.</param>
/// <param name="GivenUp">Deliveries in the log that were given up.</param>
/// <param name="PreviousSecretUntil">Until when the previous secret signs as well.</param>
public sealed record WebhookAnswer(
    Guid Id, string Url, IReadOnlyList<string> Kinds, string? Account, bool Ordered, string? Description, string State, string? PausedWhy,
    string? PausedReason, DateTimeOffset? PausedAt, int Failures, DateTimeOffset? FailingSince, long Queued, long GivenUp,
    DateTimeOffset? PreviousSecretUntil, string CreatedBy, DateTimeOffset CreatedAt);
