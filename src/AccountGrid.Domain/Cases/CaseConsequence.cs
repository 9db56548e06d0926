namespace AccountGrid.Domain.Cases;

/// <summary>What follows from the result of a case.</summary>
public enum CaseConsequence
{
    None,

    /// <summary>A promise to pay is recorded in the account's log, and decided there.</summary>
    Promise,
}
