namespace AccountGrid.Host.Accounts;

/// <summary>Why one decision of several was not taken: a code of the catalogue, and a sentence with the field, the value and what would be right.</summary>
public sealed record DecisionError(string Code, string Detail);
