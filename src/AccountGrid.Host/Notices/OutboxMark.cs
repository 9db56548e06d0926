namespace AccountGrid.Host.Notices;

/// <summary>What became of a claimed message.</summary>
internal abstract record OutboxMark;

/// <param name="By">The channel whose word it is that the customer has it; null is no such word.</param>
internal sealed record SentMark(DateTime At, string? By) : OutboxMark;

/// <summary>It was not tried: it may not be handed over before an instant.</summary>
internal sealed record HeldMark(DateTime Until) : OutboxMark;

internal sealed record AgainMark(DateTime At, string Why) : OutboxMark;

internal sealed record NextWayMark(DateTime At, string Why) : OutboxMark;

internal sealed record ParkedMark(string Why) : OutboxMark;
