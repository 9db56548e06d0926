namespace AccountGrid.Domain.Figures;

/// <summary>How often, and how much in nano of the currency (or in seconds where the name says so).</summary>
public readonly record struct FigureSum(long Count, decimal Amount)
{
    public static FigureSum operator +(FigureSum a, FigureSum b) => new(a.Count + b.Count, a.Amount + b.Amount);
}
