namespace AccountGrid.Domain.Events;

/// <param name="UntilMs">Until when the bank's answer is waited for, UTC ms.</param>
public sealed record DebitCollected(string Item, int DueDay, Money Amount, long UntilMs) : AccountEvent;
