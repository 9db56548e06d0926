namespace AccountGrid.Domain;

/// <summary>Sums of amounts, checked as all arithmetic of <see cref="Money"/> is.</summary>
public static class MoneySums
{
    /// <exception cref="OverflowException">The sum is outside the range of <see cref="Money"/>.</exception>
    public static Money Sum(this IEnumerable<Money> amounts)
    {
        var sum = Money.Zero;
        foreach (var amount in amounts)
        {
            sum += amount;
        }

        return sum;
    }
}
