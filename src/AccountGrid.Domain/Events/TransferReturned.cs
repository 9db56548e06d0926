namespace AccountGrid.Domain.Events;

/// <summary>Money came back that had gone to another account.</summary>
/// <param name="Amount">What had gone, more than zero.</param>
/// <param name="Commission">What the agent had kept of it and gives back.</param>
/// <param name="Reference">The channel's own id of the payment.</param>
/// <param name="Reason">Why it came back.</param>
/// <param name="IsRefused">It was refused where it went; else the payment that it became was reversed.</param>
public sealed record TransferReturned(Money Amount, Money Commission, string? Reference, string? Reason, bool IsRefused) : AccountEvent;
