using AccountGrid.Domain.Rating;

namespace AccountGrid.Domain.Events;

/// <summary>A customer was told of a change of price, or that it does not come.</summary>
/// <param name="Tariff">Number of the version.</param>
/// <param name="Replaced">Number of the version that it takes the place of; 0 for a withdrawal.</param>
/// <param name="Past">What it would have meant for the last months; null where it is not known.</param>
public sealed record PriceNotified(int Tariff, int Replaced, bool IsWithdrawal = false, PastCost? Past = null) : AccountEvent;
