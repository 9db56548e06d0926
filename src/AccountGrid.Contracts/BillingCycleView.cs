namespace AccountGrid.Contracts;

/// <summary>How an account is billed from a local day on.</summary>
/// <param name="FromDay">Day number of the first day; 0 is from the beginning.</param>
/// <param name="Day">Day of the month with which a period ends, 1 to 31; of a shorter month its last.</param>
/// <param name="Months">Months of a period, 1 to 3.</param>
/// <param name="ByInstalments">The pack's instalment days hold instead.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.BillingCycleView.v1")]
public sealed record BillingCycleView(
    [property: Id(0)] int FromDay, [property: Id(1)] int Day, [property: Id(2)] int Months, [property: Id(3)] bool ByInstalments);
