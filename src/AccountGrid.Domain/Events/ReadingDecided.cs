using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.Events;

/// <summary>A person decided about a reading of a meter on the account.</summary>
/// <param name="AtMs">Time of the reading, UTC ms.</param>
/// <param name="About">The exception that was answered; null is the reading itself.</param>
/// <param name="FromWh">The value that was there before.</param>
/// <param name="ToWh">The value that is there now.</param>
/// <param name="UpToWh">Up to how much energy it holds; 0 where that says nothing.</param>
/// <param name="ChargedWh">What it changed the meter's charged energy by, right then.</param>
/// <param name="HeldWh">What it changed the meter's held energy by, right then.</param>
/// <param name="Charge">What it changed the account's charge by, right then; negative is less.</param>
/// <param name="Approved">A second person agreed.</param>
/// <param name="OfEstimate">What was decided about is an estimate: a measured value of the time stands above the decision.</param>
/// <param name="Repeats">The same was decided before, and nothing was changed.</param>
public sealed record ReadingDecided(int Meter, long AtMs, VeeOutcome? About, ReadingDecision Decision, long FromWh, long ToWh, long UpToWh, string? Method,
    string Reason, string DecidedBy, bool Approved, long ChargedWh, long HeldWh, Money Charge, bool OfEstimate = false,
    bool Repeats = false) : AccountEvent;
