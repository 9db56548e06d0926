namespace AccountGrid.Domain.State;

/// <summary>Sums of a period. <see cref="Base"/> is energy times the rates' prices, levies included.</summary>
public record struct Sums(Energy Energy, WideMoney Base, int StandingDays);
