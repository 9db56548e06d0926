namespace AccountGrid.Host.Accounts;

/// <param name="Payment">Id of the payment that bounced, as its answer gave it.</param>
public sealed record ReversalRequest(string Payment, string? Reason = null);
