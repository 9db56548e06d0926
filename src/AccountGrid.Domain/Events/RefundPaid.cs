namespace AccountGrid.Domain.Events;

/// <param name="Approved">A second person agreed.</param>
public sealed record RefundPaid(Money Amount, string? Reason, bool Approved = false) : AccountEvent;
