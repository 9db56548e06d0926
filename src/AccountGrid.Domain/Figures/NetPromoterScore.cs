namespace AccountGrid.Domain.Figures;

/// <summary>
/// Promoters (9 and 10 of 10) less detractors (0 to 6), each as a share of all answers. Source: SERVICE.md, formulas.
/// </summary>
/// <param name="Value">−1 to 1.</param>
/// <param name="StandardError">Of the value, in the same unit.</param>
public readonly record struct NetPromoterScore(double Value, double StandardError)
{
    /// <summary>Null without answers.</summary>
    public static NetPromoterScore? Of(long promoters, long passives, long detractors)
    {
        Invariant.Holds(promoters >= 0 && passives >= 0 && detractors >= 0, $"{promoters}, {passives} and {detractors} are no numbers of answers.");
        var n = (double)(promoters + passives + detractors);
        if (n == 0)
        {
            return null;
        }

        var (p, d) = (promoters / n, detractors / n);
        return new(p - d, Math.Sqrt(Math.Max(0, p + d - ((p - d) * (p - d))) / n));
    }
}
