namespace AccountGrid.Domain.Figures;

/// <summary>
/// The 95 % interval of the difference of two independent proportions, from their score intervals. Two groups differ if it does not contain 0; whether their
/// own intervals overlap says less. Source: Newcombe, Statistics in Medicine 17 (1998), 873-890, methods 10 and 11.
/// </summary>
public static class Newcombe
{
    /// <summary>First less second, −1 to 1, corrected for continuity if either has fewer than 30 observations. Null if either has none.</summary>
    public static Interval? Difference(Proportion first, Proportion second)
    {
        var isCorrected = Math.Min(first.Of, second.Of) < Wilson.CorrectedBelow;
        return Of(first, second, isCorrected);
    }

    /// <summary>The interval with or without continuity correction.</summary>
    public static Interval? Of(Proportion first, Proportion second, bool isCorrected)
    {
        var (a, b) = isCorrected ? (Wilson.Corrected(first), Wilson.Corrected(second)) : (Wilson.Score(first), Wilson.Score(second));
        if (a is not { } one || b is not { } two || first.Share is not { } p || second.Share is not { } q)
        {
            return null;
        }

        var down = Math.Sqrt(Square(p - one.Low) + Square(two.High - q));
        var up = Math.Sqrt(Square(one.High - p) + Square(q - two.Low));
        return new(Math.Max(-1, p - q - down), Math.Min(1, p - q + up));
    }

    private static double Square(double x) => x * x;
}
