namespace AccountGrid.Host.DirectDebit;

/// <summary>A mandate as the customer signed it. It never changes; another signature is another mandate.</summary>
/// <param name="Channel">The channel of direct debit under which it is collected.</param>
/// <param name="Scheme"><c>core</c>, <c>b2b</c> or <c>batch</c>, as the channel's configuration allows.</param>
/// <param name="SignedOn">Day of the signature.</param>
/// <param name="DebtorName">Whose bank account it is. Stored sealed, shown masked.</param>
/// <param name="DebtorAccount">The bank account; an IBAN for core and b2b. Stored sealed, shown masked.</param>
/// <param name="DebtorAgent">BIC or number of the bank; null leaves it to the account.</param>
/// <param name="MaxAmount">Most that one collection may be, decimal string; null is no limit.</param>
/// <param name="OneOff">It is for one collection.</param>
public sealed record MandateRequest(
    string Channel, string Scheme, DateOnly SignedOn, string DebtorName, string DebtorAccount, string? DebtorAgent = null, string? MaxAmount = null,
    bool OneOff = false);
