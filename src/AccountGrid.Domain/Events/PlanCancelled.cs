namespace AccountGrid.Domain.Events;

public sealed record PlanCancelled(string By, string Reason) : AccountEvent;
