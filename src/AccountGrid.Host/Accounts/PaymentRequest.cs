namespace AccountGrid.Host.Accounts;

/// <param name="Amount">Decimal string, more than zero, at most nine decimals, in the account's currency.</param>
/// <param name="Channel">Where it was paid: bank, wallet, counter...</param>
/// <param name="Reference">The channel's own id.</param>
public sealed record PaymentRequest(string Amount, string Channel = "api", string? Reference = null);
