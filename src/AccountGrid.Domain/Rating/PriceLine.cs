namespace AccountGrid.Domain.Rating;

/// <summary>A price before and after a change.</summary>
/// <param name="Kind"><c>rate</c> and <c>levy</c> per kWh, <c>standing</c> per day, <c>capacity</c> and
/// <c>demand</c> per unit and month, <c>demand-terms</c> percents of the contract or a factor, <c>tier</c> more per kWh, <c>tax</c> in percent, or
/// <c>other</c>: terms
/// that are no single number differ, such as hours of rates.</param>
/// <param name="Name">Of the rate, levy or tax; of a tier the kWh above which it holds; of capacity and demand the unit; of demand terms minimum,
/// surcharge-above or surcharge-factor; else empty.</param>
/// <param name="Old">Decimal string; null where there was none.</param>
/// <param name="New">Null where there is none any more.</param>
public sealed record PriceLine(string Kind, string Name, string? Old, string? New);
