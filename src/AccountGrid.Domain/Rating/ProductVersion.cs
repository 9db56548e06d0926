namespace AccountGrid.Domain.Rating;

/// <summary>A version of a product, with the time in the log from which decisions may count on it.</summary>
/// <param name="FromDay">First local day on which it is in force; <see cref="int.MinValue"/> is any day.</param>
/// <param name="KnownMs">Time in the log from which days to come are reckoned with it, UTC ms: by then every process has heard of it.</param>
/// <param name="WithdrawnMs">Time in the log from which days to come are reckoned without it again, UTC ms; null is never. A version that has one had not begun
/// and never holds.</param>
public readonly record struct ProductVersion(Tariff Tariff, int FromDay, long KnownMs, long? WithdrawnMs)
{
    /// <summary>Whether decisions of a time in the log reckon with it. <see cref="long.MaxValue"/> reckons with all that is known.</summary>
    public bool HoldsAt(long asOfMs) => KnownMs <= asOfMs && !(asOfMs >= WithdrawnMs);
}
