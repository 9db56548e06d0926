namespace AccountGrid.Domain.State;

/// <summary>How an account is billed from a local day on: a dated fact.</summary>
/// <param name="FromDay">First local day of a billing period, as a day number.</param>
/// <param name="Day">Day of the month with which a period ends, 1 to 31; of a shorter month its last.</param>
/// <param name="Months">Months of a period, 1 to <see cref="MonthsMax"/>.</param>
/// <param name="Family">Number of the policy pack whose instalment days hold instead; 0 is none.</param>
public readonly record struct BillingCycle(int FromDay, int Day, int Months, int Family)
{
    public const int DayMax = 31;
    public const int MonthsMax = 3;

    /// <summary>Calendar months: what holds where nothing else was ever said.</summary>
    public static BillingCycle Monthly { get; } = new(int.MinValue, DayMax, 1, 0);
}
