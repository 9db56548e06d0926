namespace AccountGrid.Domain.Rating;

/// <summary>What netting in a period depends on beside its sums.</summary>
/// <param name="Carried">
/// What earlier periods left: Wh by rate; one number of Wh where all rates are netted together; money in 10^-9 units, and Wh exported beyond imported ones
/// since
/// the last settlement, where worth is netted. Null is nothing.
/// </param>
/// <param name="Settles">What is left at the end is settled, and not carried.</param>
public readonly record struct NetTerms(long[]? Carried, bool Settles);
