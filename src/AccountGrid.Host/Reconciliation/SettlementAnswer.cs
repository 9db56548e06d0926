namespace AccountGrid.Host.Reconciliation;

/// <summary>A settlement file that was imported. The same file again has the same answer.</summary>
/// <param name="Id">Of the import; made of the channel and the file's content.</param>
/// <param name="FileId">The channel's own name of it.</param>
/// <param name="Format"><c>csv</c>, <c>wechat</c>, <c>alipay</c>, <c>mpesa</c>, <c>camt</c> or <c>rows</c>.</param>
/// <param name="FirstDay">First business day that the file is about; null where it has no line and no day was named.</param>
/// <param name="Payments">Sum of the payments, decimal string; so are the sums of refunds and of fees.</param>
/// <param name="Net">Payments less refunds and fees: what the channel remits. Decimal string.</param>
/// <param name="BankRef">The bank's reference of that remittance, as the sender gave it.</param>
/// <param name="Passed">Lines that are no payment, refund or fee, each with the rule by which it is passed over.</param>
/// <param name="Declared">Counts and sums that the file or the request declared; each was right.</param>
public sealed record SettlementAnswer(
    string Id,
    string Channel,
    string? FileId,
    string Format,
    string Currency,
    DateOnly? FirstDay,
    DateOnly? LastDay,
    int Lines,
    int PaymentCount,
    string Payments,
    int RefundCount,
    string Refunds,
    string Fees,
    string Net,
    string? BankRef,
    IReadOnlyList<string> Passed,
    IReadOnlyList<string> Declared);
