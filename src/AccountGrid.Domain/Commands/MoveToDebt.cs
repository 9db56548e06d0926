namespace AccountGrid.Domain.Commands;

/// <summary>Takes what is owed out of the balance, to be recovered beside it.</summary>
public sealed record MoveToDebt(int Account, Money Amount, int ShareBasisPoints, Money PerDay, string Reason) : AccountCommand(Account);
