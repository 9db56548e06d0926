namespace AccountGrid.LoadTest.Years;

/// <summary>A price from a local day on.</summary>
/// <param name="PriceMicro">Per kWh, millionths.</param>
/// <param name="StandingNano">Per local day.</param>
/// <param name="IsWithoutMeter">The account had no meter when it was agreed on.</param>
internal readonly record struct PriceSpan(int FromDay, long PriceMicro, long StandingNano, bool IsWithoutMeter);
