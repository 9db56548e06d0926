namespace AccountGrid.Host.Accounts;

/// <summary>What is wrong with a line of a registration: a code of the catalogue, and a sentence with the field, the value and what would be right.</summary>
public sealed record LineError(int Line, string Code, string Detail);
