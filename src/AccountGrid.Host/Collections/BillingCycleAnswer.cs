namespace AccountGrid.Host.Collections;

/// <summary>How the account is billed, now or from a day to come on.</summary>
/// <param name="From">First local day of a period, yyyy-MM-dd; null is from the beginning.</param>
/// <param name="Day">Day of the month with which a period ends, 1 to 31; of a shorter month its last. With instalments it holds when they end.</param>
/// <param name="Months">Months of a period, 1 to 3.</param>
/// <param name="ByInstalments">Periods end on the pack's instalment days instead.</param>
public sealed record BillingCycleAnswer(string? From, int Day, int Months, bool ByInstalments);
