namespace AccountGrid.Host.Payments;

/// <summary>Who collects, as the scheme knows it.</summary>
/// <param name="Account">IBAN to which the money goes.</param>
/// <param name="Id">Creditor identifier of the scheme.</param>
/// <param name="Agent">BIC of the bank; null leaves it to the IBAN.</param>
public sealed record DebitCreditor(string Name, string Account, string Id, string? Agent = null);
