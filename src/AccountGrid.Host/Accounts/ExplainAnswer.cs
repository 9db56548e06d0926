using AccountGrid.Host.Metering;

namespace AccountGrid.Host.Accounts;

/// <summary>From the balance back to what made it.</summary>
/// <param name="Decisions">What people decided about readings, newest first.</param>
/// <param name="Agrees">Balance = credit − charged, and the days' energy charges sum to the periods' (where all periods are kept).</param>
public sealed record ExplainAnswer(
    string Account, string Balance, string Currency, long Position, string Credit, IReadOnlyList<EntryAnswer> Credits, string Charged,
    IReadOnlyList<PeriodAnswer> Periods, IReadOnlyList<ExplainDay> Days, bool Agrees, IReadOnlyList<ExplainedDecision> Decisions);
