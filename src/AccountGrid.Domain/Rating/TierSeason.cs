namespace AccountGrid.Domain.Rating;

/// <param name="Months">Months of the year, 1 to 12.</param>
/// <param name="Steps">Steps of these months in place of the tariff's; none where the months have no tiers.</param>
public sealed record TierSeason(IReadOnlyList<int> Months, IReadOnlyList<TierStep> Steps);
