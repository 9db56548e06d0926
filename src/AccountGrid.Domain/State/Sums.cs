using AccountGrid.Domain.Rating;

namespace AccountGrid.Domain.State;

/// <summary>Sums of a period. <see cref="Base"/> is energy times the rates' prices, levies included.</summary>
/// <param name="ByRate">Exported energy, and what it is netted against; null for nearly all.</param>
/// <param name="TwoPart">
/// Under two-part tariffs; null for nearly all. Live sums and closed ones have the same: maximum demand and power factor count by closed days.
/// </param>
public record struct Sums(Energy Energy, WideMoney Base, int StandingDays, RateSums? ByRate = null, TwoPartSums? TwoPart = null);
