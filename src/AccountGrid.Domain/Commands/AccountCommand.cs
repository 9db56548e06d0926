namespace AccountGrid.Domain.Commands;

/// <summary>A command to one account.</summary>
public abstract record AccountCommand(int Account) : GridCommand;
