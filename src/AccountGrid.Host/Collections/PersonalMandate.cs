namespace AccountGrid.Host.Collections;

/// <param name="Id">Id of the mandate for direct debit.</param>
public sealed record PersonalMandate(string Id, DateOnly SignedOn, string DebtorName, string DebtorAccount);
