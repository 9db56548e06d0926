namespace AccountGrid.Host.Webhooks;

/// <summary>What became of an event at a webhook.</summary>
/// <param name="Event">Its id; <c>webhook-id</c> of every attempt.</param>
/// <param name="State"><c>queued</c>, <c>delivered</c> or <c>given-up</c>.</param>
/// <param name="NextAttemptAt">Of a delivery that waits.</param>
/// <param name="Status">HTTP status of the last attempt; absent where nothing was answered.</param>
/// <param name="DurationMs">Time of the last attempt until its answer, ms.</param>
/// <param name="Error">
/// What went wrong: <c>status</c>, <c>timed-out</c>, <c>not-reached</c>, <c>tls</c>, <c>address-not-allowed</c> or <c>event-unknown</c>.
/// </param>
public sealed record DeliveryLogAnswer(
    string Event, string Kind, string Account, string State, int Attempts, DateTimeOffset? NextAttemptAt, int? Status, int? DurationMs, string? Error,
    DateTimeOffset? AttemptedAt, DateTimeOffset CreatedAt);
