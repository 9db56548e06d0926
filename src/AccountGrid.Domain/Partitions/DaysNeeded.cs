using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Partitions;

/// <summary>Closed days that a record touches and that must be put in memory before it can be folded.</summary>
/// <param name="FromDay">First day needed, and all later ones.</param>
/// <param name="AndPrevious">The nearest earlier day that holds a point, too.</param>
/// <param name="ThroughDay">Days up to this one only, for a look that changes nothing; null opens all of them.</param>
public sealed record DaysNeeded(MeterState Meter, int FromDay, bool AndPrevious, int? ThroughDay = null);
