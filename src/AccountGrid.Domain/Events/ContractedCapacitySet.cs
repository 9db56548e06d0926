namespace AccountGrid.Domain.Events;

/// <param name="Milli">Thousandths of a kVA or kW, as the account's tariff counts it.</param>
/// <param name="FromDay">First local day for which it holds.</param>
/// <param name="CorrectedNano">What the account is charged less for days that were charged, or where negative more; null where none was.</param>
/// <param name="Approved">A second person has agreed to what is corrected.</param>
public sealed record ContractedCapacitySet(
    long Milli, int FromDay, string Reason, long? CorrectedNano = null, bool Approved = false) : AccountEvent;
