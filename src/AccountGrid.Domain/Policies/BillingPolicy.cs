namespace AccountGrid.Domain.Policies;

/// <param name="CloseAfterDays">Days after the period's end for late data, 1 to 28.</param>
/// <param name="DueBusinessDays">Business days from the bill to its due day, 1 to 60.</param>
/// <param name="ArrearsMinimum">Arrears below it have no consequences: no stage, no fee, no cut. In the currency's digits.</param>
/// <param name="Allocation">In which order a credit pays open items: <c>principal-first</c> or <c>fees-first</c>.</param>
/// <param name="InstalmentDays">
/// Days of the month with which bills by instalments end, rising, 1 to 31; in a shorter month a later day is its last. The last one is 31.
/// </param>
public sealed record BillingPolicy(
    int CloseAfterDays, int DueBusinessDays, string ArrearsMinimum, string Allocation, IReadOnlyList<int> InstalmentDays);
