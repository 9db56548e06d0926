namespace AccountGrid.Domain.Commands;

/// <summary>Ends a plan by a person's decision.</summary>
public sealed record CancelPlan(int Account, string By, string Reason) : AccountCommand(Account);
