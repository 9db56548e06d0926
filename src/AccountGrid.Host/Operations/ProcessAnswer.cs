using AccountGrid.Host.Measures;

namespace AccountGrid.Host.Operations;

/// <summary>A process of the grid.</summary>
/// <param name="Process">Its silo's address.</param>
/// <param name="At">When it last said something.</param>
/// <param name="IsSilent">It has said nothing for a minute: it stopped, or hangs, or cannot write.</param>
/// <param name="ReadingsPerSecond">That it acknowledged in the last minute.</param>
/// <param name="Acknowledgement">Of batches of readings, from when they were read to the end of their commit.</param>
/// <param name="Freshness">Of batches of the log: how old the last record was when it was folded.</param>
/// <param name="Faults">Last warnings and errors of its log, newest first.</param>
public sealed record ProcessAnswer(
    string Process, string Version, DateTimeOffset StartedAt, DateTimeOffset At, bool IsSilent, double ReadingsPerSecond, LatencyAnswer Acknowledgement,
    LatencyAnswer Freshness, IReadOnlyList<Fault> Faults);
