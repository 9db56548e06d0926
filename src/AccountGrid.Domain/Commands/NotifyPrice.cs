using AccountGrid.Domain.Rating;

namespace AccountGrid.Domain.Commands;

/// <summary>Tells a customer of a version of its product that is to take effect, or that one of which it was told was withdrawn.</summary>
/// <param name="Tariff">Number of the version.</param>
/// <param name="Past">What it would have meant for the last months; null where none of their days is known, and for a withdrawal.</param>
public sealed record NotifyPrice(int Account, int Tariff, bool IsWithdrawal = false, PastCost? Past = null) : AccountCommand(Account);
