namespace AccountGrid.Host.Collections;

/// <summary>The account as its workflows see it.</summary>
/// <param name="Stage">Where it stands on the ladder.</param>
/// <param name="Unpaid">Of what is billed, without late fees.</param>
/// <param name="Relay">State of supply: <c>On</c>, <c>LastNotice</c>, <c>CutPlanned</c>, <c>CutReleased</c>, <c>Cut</c>, <c>Restoring</c>.</param>
/// <param name="Billing">How it is billed, and what changes from a day to come on.</param>
/// <param name="BilledThrough">Last local day that is billed.</param>
/// <param name="Levels">Low-balance levels as they are now.</param>
public sealed record CustomerAnswer(
    string Account, string Policy, string Class, string Traits, string Stage, string? StageSince, int? OverdueDays, string Unpaid, string LateFees, string Debt,
    string Relay, decimal? DaysLeft,
    IReadOnlyList<string> Holds, ContactRequest? Contact, DateTimeOffset? NextLook, IReadOnlyList<BillingCycleAnswer> Billing, string? BilledThrough,
    IReadOnlyList<LevelAnswer> Levels);
