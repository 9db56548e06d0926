namespace AccountGrid.Domain.Events;

/// <param name="Day">Local day of the instalment that was not met.</param>
public sealed record PlanBroken(int Day, Money Missing) : AccountEvent;
