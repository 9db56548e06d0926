namespace AccountGrid.Domain.Commands;

/// <summary>Closes a case without a contact.</summary>
/// <param name="Outcome">Free text.</param>
public sealed record CloseCase(int Account, string CaseId, string By, string Outcome) : AccountCommand(Account);
