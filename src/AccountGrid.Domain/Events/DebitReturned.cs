namespace AccountGrid.Domain.Events;

/// <param name="DisputeUntilMs">Until when the payment counts as in dispute, UTC ms; 0 is not.</param>
public sealed record DebitReturned(string Item, string Code, Money Amount, long DisputeUntilMs) : AccountEvent;
