namespace AccountGrid.Domain.Events;

/// <param name="CorrectsPosition">Position of the adjustment that it takes back, whole or in part; null is none.</param>
/// <param name="Approved">A second person agreed.</param>
public sealed record BalanceAdjusted(Money Amount, string Reason, long? CorrectsPosition = null, bool Approved = false) : AccountEvent;
