namespace AccountGrid.Domain.Commands;

/// <summary>The gateway asks for a planned cut: it is decided once more, at this version of the account.</summary>
public sealed record ReleaseCut(int Account, int Sequence) : AccountCommand(Account);
