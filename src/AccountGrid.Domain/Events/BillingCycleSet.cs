namespace AccountGrid.Domain.Events;

/// <summary>How an account is billed from a day on: by a command, or because it goes to instalments, from them, or to another pack's.</summary>
/// <param name="FromDay">First local day of a billing period.</param>
/// <param name="Day">Day of the month with which a period ends, 1 to 31; of a shorter month its last.</param>
/// <param name="Months">Months of a period, 1 to 3.</param>
/// <param name="Family">Number of the pack whose instalment days hold instead; 0 is none.</param>
public sealed record BillingCycleSet(int FromDay, int Day, int Months, int Family = 0) : AccountEvent;
