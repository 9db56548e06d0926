using AccountGrid.LoadTest.Measures;

namespace AccountGrid.LoadTest.Commands;

/// <param name="Crossed">Accounts that crossed their level, by the tester's own model.</param>
/// <param name="Missing">Those of them without a message that was sent.</param>
public sealed record NoticeSummary(LatencySummary Latencies, int Crossed, int Missing);
