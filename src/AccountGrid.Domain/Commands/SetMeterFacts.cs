using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.Commands;

/// <summary>Another capacity, interval, register width or transformer ratio of a meter on the account, from an instant on.</summary>
/// <param name="Fact">The facts that change, and the instant from which they hold. It replaces the same facts set at that instant.</param>
/// <param name="DecidedBy">Who decided it, and who agreed: where past days change by more than the pack's limit for adjustments two different people.</param>
public sealed record SetMeterFacts(int Account, int Meter, MeterFact Fact, string Reason, string DecidedBy, string? ApprovedBy = null)
    : AccountCommand(Account);
