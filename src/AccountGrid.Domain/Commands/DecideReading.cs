using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.Commands;

/// <summary>
/// A person's decision about a reading. All that it rests on is in it, so that what follows does not depend on when it comes.
/// </summary>
/// <param name="Account">The account that the meter was on at that time.</param>
/// <param name="AtMs">Time of the reading, UTC ms; of a run, where it begins.</param>
/// <param name="About">The exception that it answers; null is the reading itself.</param>
/// <param name="SeenWh">The value that the person saw count; null is whatever it is.</param>
/// <param name="Over">The decision that it replaces, as the person saw it; <see cref="ReadingDecision.Withdraw"/> is none.</param>
/// <param name="ValueWh">The value of <see cref="ReadingDecision.Edit"/> and <see cref="ReadingDecision.Estimate"/>, and the one of a
/// <see cref="VeeOutcome.Conflict"/> that did not count; else null.</param>
/// <param name="UpToWh">Energy of the difference that the person saw, for <see cref="ReadingDecision.Accept"/>, <see cref="ReadingDecision.Rollover"/> and
/// <see cref="ReadingDecision.SetBack"/>; else 0.</param>
/// <param name="Method">How an estimate was made; else null.</param>
public sealed record DecideReading(int Account, int Meter, long AtMs, VeeOutcome? About, ReadingDecision Decision, long? SeenWh, ReadingDecision Over,
    long? ValueWh, long UpToWh, string? Method, string Reason, string DecidedBy, string? ApprovedBy = null) : AccountCommand(Account);
