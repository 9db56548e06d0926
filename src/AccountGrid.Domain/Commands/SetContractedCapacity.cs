namespace AccountGrid.Domain.Commands;

/// <summary>Another contracted capacity from a local day on, up to the next day for which there is one.</summary>
/// <param name="Milli">Thousandths of <paramref name="Unit"/>.</param>
/// <param name="FromDay">Local day, as a day number; past days that can still change are charged anew.</param>
/// <param name="Unit"><c>kVA</c> or <c>kW</c>; null is what the tariff of the day charges for.</param>
/// <param name="DecidedBy">Who decided it, and who agreed: where past days change by more than the pack's limit for adjustments two different people.</param>
public sealed record SetContractedCapacity(
    int Account, long Milli, int FromDay, string Reason, string? DecidedBy = null, string? ApprovedBy = null,
    string? Unit = null) : AccountCommand(Account);
