namespace AccountGrid.Domain.Events;

/// <param name="Milli">Thousandths of <paramref name="Unit"/>.</param>
/// <param name="FromDay">First local day for which it holds.</param>
/// <param name="Corrected">What the account is charged less for days that were charged, or where negative more; null where none was.</param>
/// <param name="Approved">A second person has agreed to what is corrected.</param>
/// <param name="Unit"><c>kVA</c> or <c>kW</c>; null of a contract that holds for either.</param>
public sealed record ContractedCapacitySet(
    long Milli, int FromDay, string Reason, Money? Corrected = null, bool Approved = false, string? Unit = null) : AccountEvent;
