using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Events;

/// <param name="ReturnTo">The float to which the money goes back; null is none.</param>
public sealed record PaymentReversed(long PaymentPosition, Money Amount, string? Reason, TransferSource? ReturnTo = null) : AccountEvent;
