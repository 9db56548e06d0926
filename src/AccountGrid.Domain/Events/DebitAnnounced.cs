namespace AccountGrid.Domain.Events;

/// <param name="Day">Local day of the collection.</param>
public sealed record DebitAnnounced(string Item, string Mandate, long AmountNano, int Day) : AccountEvent;
