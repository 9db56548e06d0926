namespace AccountGrid.Client;

/// <summary>What a request came to that can need a second person.</summary>
/// <param name="Receipt">Where it was done; null otherwise.</param>
/// <param name="Approval">Where a second person must agree: <c>POST /v1/approvals/{id}</c>; null otherwise.</param>
public sealed record MoneyOrApproval(MoneyReceipt? Receipt, Guid? Approval);
