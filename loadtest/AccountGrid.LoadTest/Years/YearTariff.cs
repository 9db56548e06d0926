namespace AccountGrid.LoadTest.Years;

/// <param name="PriceMicro">Per kWh, millionths.</param>
/// <param name="StandingNano">Per local day.</param>
internal sealed record YearTariff(string Id, long PriceMicro, long StandingNano);
