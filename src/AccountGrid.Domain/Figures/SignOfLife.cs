namespace AccountGrid.Domain.Figures;

/// <summary>What was seen of a payment channel at an instant: a heartbeat, a booking or a probe that was answered; or a probe that failed.</summary>
/// <param name="AtMs">UTC ms.</param>
public readonly record struct SignOfLife(long AtMs, bool IsUp);
