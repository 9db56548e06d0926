namespace AccountGrid.Host.Billing;

/// <summary>A payment, or another entry that counts as one on a bill.</summary>
/// <param name="Kind">payment, reversal, refund or adjustment.</param>
/// <param name="Amount">Credit positive.</param>
/// <param name="Reference">As it was given; null is none.</param>
public sealed record BillCredit(DateTimeOffset At, string Kind, string Amount, string? Reference);
