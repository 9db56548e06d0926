namespace AccountGrid.Host.Reconciliation;

/// <summary>What the sender says of a file beside it; null is nothing.</summary>
/// <param name="FileId">The channel's own name of it.</param>
/// <param name="BusinessDay">The day that it is for; needed of a file without lines.</param>
/// <param name="Count">Payments, refunds and fees in it.</param>
/// <param name="Amount">Payments less refunds, decimal string.</param>
/// <param name="Fees">What the channel keeps, decimal string.</param>
/// <param name="Net">Payments less refunds and fees: what the channel remits. Decimal string.</param>
/// <param name="BankRef">The bank's reference of that remittance, kept with the file.</param>
internal sealed record SettlementDeclaration(
    string? FileId, DateOnly? BusinessDay, int? Count, string? Amount, string? Fees, string? Net, string? BankRef);
