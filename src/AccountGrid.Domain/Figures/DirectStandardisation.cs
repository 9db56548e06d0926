namespace AccountGrid.Domain.Figures;

/// <summary>
/// A group's rate as it would be with the standard mix of strata, so that a collector with many customers of grade D is compared fairly with one who has few.
/// </summary>
public static class DirectStandardisation
{
    /// <summary>
    /// The mean of the strata's rates by their standard weights, 0 to 1. Null if a stratum that has weight was not observed: its rate is not known, and leaving
    /// it out would compare another mix. Null, too, if no stratum has weight.
    /// </summary>
    public static double? Rate(IReadOnlyList<Stratum> strata)
    {
        var weighed = strata.Where(s => s.StandardWeight > 0).ToList();
        Invariant.Holds(strata.All(s => s.StandardWeight >= 0), $"A stratum has a negative weight.");
        return weighed.Count == 0 || weighed.Any(s => s.Observed.Of == 0)
            ? null
            : weighed.Sum(s => s.StandardWeight * s.Observed.Share) / weighed.Sum(s => s.StandardWeight);
    }
}
