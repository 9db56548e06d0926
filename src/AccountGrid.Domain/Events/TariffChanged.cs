namespace AccountGrid.Domain.Events;

public sealed record TariffChanged(int Tariff, int FromDay, bool Follows = false) : AccountEvent;
