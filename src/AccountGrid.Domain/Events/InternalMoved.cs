namespace AccountGrid.Domain.Events;

/// <summary>Money came into a float or suspense account from outside, or left it.</summary>
/// <param name="Amount">Into the account where positive.</param>
/// <param name="Reference">Its reference outside.</param>
/// <param name="DecidedBy">Who decided it; null where a channel did.</param>
public sealed record InternalMoved(Money Amount, string? Reference, string? DecidedBy) : AccountEvent;
