using AccountGrid.LoadTest.Measures;

namespace AccountGrid.LoadTest.Driving;

/// <summary>What a measured stretch came to.</summary>
public sealed record Measured(DateTimeOffset Started, long Offered, long Accepted, long Rejected, long Requests, CpuUse? Cpu, IReadOnlyList<double>? CpuBySilo,
    double? SiloPeakMb, LatencySummary? SiloPauses, LatencySummary TesterStalls, IReadOnlyList<SecondSample> Series, long LiveEvents);
