namespace AccountGrid.Domain.Events;

/// <summary>An agent keeps a part of a sale, or gives it back with the sale.</summary>
/// <param name="Amount">Kept where positive, given back where negative.</param>
/// <param name="Reference">The channel's own id of the payment.</param>
public sealed record CommissionEarned(Money Amount, string? Reference) : AccountEvent;
