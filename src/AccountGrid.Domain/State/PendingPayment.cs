namespace AccountGrid.Domain.State;

/// <param name="UntilMs">When it is no longer waited for, UTC ms.</param>
public readonly record struct PendingPayment(string Reference, long UntilMs);
