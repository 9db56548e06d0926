namespace AccountGrid.Host.Payments;

/// <summary>What a customer can pay.</summary>
/// <param name="Account">Account, or</param>
/// <param name="Meter">a meter on it: one of the two.</param>
/// <param name="Amount">What the customer is about to pay, where it is known: supply is not cut while the payment is waited for.</param>
public sealed record ChannelQueryRequest(string? Account = null, string? Meter = null, string? Amount = null);
