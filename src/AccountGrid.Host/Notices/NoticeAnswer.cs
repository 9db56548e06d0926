namespace AccountGrid.Host.Notices;

/// <param name="State"><c>queued</c>, <c>sent</c>, <c>delivered</c>, <c>failed</c>, <c>parked</c> or <c>withdrawn</c>: it waited and was not true any
/// more.</param>
/// <param name="SentAt">When a channel last took it; null while none has.</param>
public sealed record NoticeAnswer(string Id, string Kind, DateTimeOffset At, string State, string? Subject, string? Text, string? Channel,
    DateTimeOffset? DeliveredAt, string? LastError, DateTimeOffset? SentAt);
