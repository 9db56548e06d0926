using AccountGrid.Domain;

namespace AccountGrid.Host.DirectDebit;

/// <summary>A collection with what its file says of it, in the clear.</summary>
/// <param name="DebtorAgent">BIC or number of the bank; null leaves it to the account.</param>
internal sealed record DebitLine(
    string Item, string Mandate, string Scheme, DateOnly SignedOn, string DebtorName, string DebtorAccount, string? DebtorAgent, string Account, Money Amount,
    DateOnly Day, DateOnly DueDay, string Sequence);
