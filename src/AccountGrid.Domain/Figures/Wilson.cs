namespace AccountGrid.Domain.Figures;

/// <summary>
/// The 95 % score interval of a proportion. Sources: Wilson 1927; Newcombe, Statistics in Medicine 17 (1998), 857-872, methods 3 and 4; SERVICE.md, formulas.
/// </summary>
public static class Wilson
{
    /// <summary>The normal quantile of 97.5 %.</summary>
    public const double Z = 1.96;

    /// <summary>Below so many observations the interval is corrected for continuity.</summary>
    public const int CorrectedBelow = 30;

    /// <summary>The interval that is shown: corrected for continuity below 30 observations. Null without observations.</summary>
    public static Interval? Of(Proportion p) => p.Of < CorrectedBelow ? Corrected(p) : Score(p);

    /// <summary>The interval without correction. Null without observations.</summary>
    public static Interval? Score(Proportion p)
    {
        if (Checked(p).Share is not { } share)
        {
            return null;
        }

        var n = (double)p.Of;
        var scale = 1 + (Z * Z / n);
        var centre = (share + (Z * Z / (2 * n))) / scale;
        var half = Z / scale * Math.Sqrt((share * (1 - share) / n) + (Z * Z / (4 * n * n)));

        // At the ends the bound is exact; computed it would miss by a rounding error.
        return new(p.Count == 0 ? 0 : centre - half, p.Count == p.Of ? 1 : centre + half);
    }

    /// <summary>The interval with continuity correction: wider by about half an observation on each side. Null without observations.</summary>
    public static Interval? Corrected(Proportion p)
    {
        if (Checked(p).Share is not { } share)
        {
            return null;
        }

        var n = (double)p.Of;
        var centre = (2 * n * share) + (Z * Z);
        var scale = 2 * (n + (Z * Z));
        var spread = (4 * n * share * (1 - share)) + (Z * Z) - (1 / n);
        var tilt = (4 * share) - 2;
        var low = (centre - 1 - (Z * Math.Sqrt(spread + tilt))) / scale;
        var high = (centre + 1 + (Z * Math.Sqrt(spread - tilt))) / scale;
        return new(p.Count == 0 ? 0 : Math.Max(0, low), p.Count == p.Of ? 1 : Math.Min(1, high));
    }

    private static Proportion Checked(Proportion p)
    {
        Invariant.Holds(p.Count >= 0 && p.Count <= p.Of, $"{p.Count} of {p.Of} is no proportion.");
        return p;
    }
}
