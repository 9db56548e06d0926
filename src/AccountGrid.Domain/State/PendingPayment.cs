namespace AccountGrid.Domain.State;

/// <param name="UntilMs">When it is no longer waited for, UTC ms.</param>
/// <param name="IsDebit">The company collects it itself: a day at whose end it is under way bears no late fee.</param>
public readonly record struct PendingPayment(string Reference, long UntilMs, bool IsDebit = false);
