namespace AccountGrid.Host.Collections;

/// <param name="Day">Day of the month with which a period ends, 1 to 31; of a shorter month its last.</param>
/// <param name="Months">Months of a period, 1 to 3.</param>
public sealed record BillingCycleRequest(int Day, int Months = 1);
