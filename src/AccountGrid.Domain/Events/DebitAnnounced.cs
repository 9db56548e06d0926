namespace AccountGrid.Domain.Events;

/// <param name="DueDay">Local due day of what is collected.</param>
/// <param name="Day">Local day of the collection.</param>
public sealed record DebitAnnounced(string Item, string Mandate, int DueDay, Money Amount, int Day) : AccountEvent;
