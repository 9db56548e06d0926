using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Events;

/// <param name="OverdueDays">Of the oldest unpaid bill; null where none is.</param>
public sealed record StageEntered(Stage From, Stage To, int? OverdueDays, Money Unpaid, string Policy) : AccountEvent;
