using AccountGrid.Host.Notices;

namespace AccountGrid.Host.Collections;

public sealed record PersonalMessage(string Id, string Kind, DateTimeOffset At, string? Subject, string? Text, IReadOnlyList<ContactChannel> Channels);
