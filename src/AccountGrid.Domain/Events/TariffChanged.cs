namespace AccountGrid.Domain.Events;

/// <param name="Corrected">For a change from a past day, what the account is charged less, or where negative more; null for any other.</param>
/// <param name="Reason">Of a change from a past day; null for any other.</param>
/// <param name="Approved">A second person has agreed to what is corrected.</param>
public sealed record TariffChanged(
    int Tariff, int FromDay, bool Follows = false, Money? Corrected = null, string? Reason = null, bool Approved = false) : AccountEvent;
