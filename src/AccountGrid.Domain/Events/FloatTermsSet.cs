namespace AccountGrid.Domain.Events;

/// <param name="Limit">How far below zero the float may stand.</param>
/// <param name="CommissionPpm">What the agent keeps of a sale, millionths of the amount.</param>
/// <param name="DecidedBy">Who decided it.</param>
public sealed record FloatTermsSet(Money Limit, int CommissionPpm, string? DecidedBy) : AccountEvent;
