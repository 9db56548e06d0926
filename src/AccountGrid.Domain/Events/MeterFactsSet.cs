using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.Events;

/// <summary>A meter on the account has another capacity, interval, register width or transformer ratio from an instant on.</summary>
/// <param name="FromMs">Since when, UTC ms.</param>
/// <param name="CapacityW">Capacity of the service, W; null is as before, and so the others.</param>
/// <param name="RegisterWidthWh">Where the register starts again from zero, Wh.</param>
/// <param name="IntervalMs">Usual time between readings, ms.</param>
/// <param name="RatioPpm">Ratio of the transformers, millionths.</param>
/// <param name="ChargedWh">What it changed the meter's charged energy by, right then.</param>
/// <param name="HeldWh">What it changed the meter's held energy by, right then.</param>
/// <param name="Charge">What it changed the account's charge by, right then; negative is less.</param>
/// <param name="Approved">A second person agreed.</param>
public sealed record MeterFactsSet(int Meter, long FromMs, long? CapacityW, long? RegisterWidthWh, int? IntervalMs, long? RatioPpm, string Reason,
    string DecidedBy, bool Approved, long ChargedWh, long HeldWh, Money Charge) : AccountEvent
{
    public MeterFact ToFact() => new(FromMs, CapacityW, RegisterWidthWh, IntervalMs, RatioPpm);
}
