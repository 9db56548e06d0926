namespace AccountGrid.Host.Accounts;

/// <summary>What a decision about a reading came to, or would.</summary>
/// <param name="ValueWh">The value that counts with it, Wh, or would if it counted.</param>
/// <param name="ChargedWh">What it changes the charged energy by, Wh.</param>
/// <param name="HeldWh">What it changes the held energy by, Wh.</param>
/// <param name="Amount">What it changes the account's charge by, taxes included; negative is less.</param>
/// <param name="Error">Why nothing was decided; null where it was, or would be.</param>
public sealed record DecisionAnswer(
    string Meter, string? Account, string? Code, DateTimeOffset At, string Decision, bool DryRun, long? ValueWh, long? ChargedWh, long? HeldWh, string? Amount,
    DecisionError? Error = null);
