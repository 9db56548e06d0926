namespace AccountGrid.Domain.State;

/// <summary>Stops escalation and cuts while it stands.</summary>
/// <param name="UntilMs">When it ends by itself, UTC ms; <see cref="long.MaxValue"/> is when it is lifted.</param>
public readonly record struct Hold(HoldKind Kind, long UntilMs);
