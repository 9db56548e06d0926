namespace AccountGrid.Domain.Figures;

/// <summary>How many of a number of observations have a property: 0 ≤ <paramref name="Count"/> ≤ <paramref name="Of"/>.</summary>
public readonly record struct Proportion(long Count, long Of)
{
    /// <summary>The share, 0 to 1; null without observations.</summary>
    public double? Share => Of == 0 ? null : (double)Count / Of;
}
