namespace AccountGrid.Domain.Rating;

/// <summary>A version of a product, with the time in the log from which decisions may count on it.</summary>
/// <param name="FromDay">First local day on which it is in force; <see cref="int.MinValue"/> is any day.</param>
/// <param name="KnownMs">Time in the log from which it counts for days to come, UTC ms: by then every process has heard of it.</param>
/// <param name="WithdrawnMs">Time in the log from which it no longer counts for days to come, UTC ms; null is never. A version that has one had not begun
/// and never holds.</param>
public readonly record struct ProductVersion(Tariff Tariff, int FromDay, long KnownMs, long? WithdrawnMs)
{
    /// <summary>Whether it counts for decisions of a time in the log. <see cref="long.MaxValue"/> is all that is known.</summary>
    public bool HoldsAt(long asOfMs) => KnownMs <= asOfMs && !(asOfMs >= WithdrawnMs);
}
