using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.Metering;

/// <summary>A change of a line that is decided and not made yet.</summary>
/// <param name="Gone">Differences of <paramref name="Old"/> that count no longer.</param>
/// <param name="Added">Differences of <paramref name="Points"/> that count now.</param>
/// <param name="Again">Differences of <paramref name="Points"/> that are spread by another shape now.</param>
/// <param name="Doubts">Falls and jumps from <paramref name="Start"/> on.</param>
/// <param name="Start">Index in <paramref name="Points"/> before which nothing changes.</param>
/// <param name="IsWhole">Everything behind it was looked at.</param>
/// <param name="Rating">What the meter can measure afterwards; null is as before.</param>
internal sealed record LinePlan(List<Point> Old, List<Point> Points, List<Pair> Gone, List<Pair> Added, List<Pair> Again, Doubts Doubts, int Start,
    bool IsWhole, MeterRating? Rating = null);
