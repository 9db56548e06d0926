namespace AccountGrid.Domain.Events;

/// <param name="Approved">A second person agreed.</param>
public sealed record RefundPaid(long AmountNano, string? Reason, bool Approved = false) : AccountEvent;
