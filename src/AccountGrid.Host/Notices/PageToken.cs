namespace AccountGrid.Host.Notices;

/// <summary>What the link of a customer's page says.</summary>
/// <param name="Account">Number of the account.</param>
/// <param name="Generation">Which links of the account were in force when it was made: those of another generation open nothing.</param>
/// <param name="MadeMs">When it was made, UTC ms: it expires by this.</param>
/// <param name="IsOfStaff">A person of the company made it, and no message.</param>
internal readonly record struct PageToken(int Account, int Generation, long MadeMs, bool IsOfStaff);
