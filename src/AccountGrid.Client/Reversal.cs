namespace AccountGrid.Client;

/// <summary>Takes back a payment that bounced.</summary>
/// <param name="Payment">Id of the payment, as its receipt has it.</param>
/// <param name="Reason">Null is none.</param>
public sealed record Reversal(string Payment, string? Reason = null);
