namespace AccountGrid.Host.Accounts;

/// <summary>A decision about a reading behind a balance.</summary>
/// <param name="Code">The exception that was answered; null is the reading itself.</param>
/// <param name="FromWh">The value before it.</param>
/// <param name="ToWh">The value with it.</param>
/// <param name="Method">How an estimate was made.</param>
/// <param name="By">Who decided.</param>
/// <param name="DecidedAt">When.</param>
/// <param name="Amount">What it changed the charge by when it was taken; negative is less. Later readings may have changed that.</param>
public sealed record ExplainedDecision(
    string Meter, DateTimeOffset At, string? Code, string Decision, long FromWh, long ToWh, string? Method, string Reason, string By, DateTimeOffset DecidedAt,
    long ChargedWh, long HeldWh, string Amount);
