namespace AccountGrid.Domain.State;

/// <summary>
/// What adjustments, refunds and waivers have moved on an account without a second person, whichever way, since a local day. The default is nothing.
/// </summary>
/// <param name="SinceDay">Local day of the first of them, as a day number.</param>
/// <param name="Amount">Sum of their amounts without their signs: one up and one down are two.</param>
public readonly record struct UnapprovedSum(int SinceDay, Money Amount)
{
    /// <summary>With one more on a day. What began more than <see cref="Limits.UnapprovedDays"/> days ago no longer counts.</summary>
    public UnapprovedSum With(int day, Money amount) => Amount == Money.Zero || day >= SinceDay + Limits.UnapprovedDays
        ? new UnapprovedSum(day, amount.Abs())
        : this with { Amount = Amount + amount.Abs() };
}
