namespace AccountGrid.Domain.Commands;

/// <summary>Time passes for these accounts: standing charges fall due and days close. Lost or doubled ones do no harm.</summary>
public sealed record Check(long AtMs, IReadOnlyList<int> Accounts) : GridCommand;
