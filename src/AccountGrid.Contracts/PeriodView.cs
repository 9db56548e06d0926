namespace AccountGrid.Contracts;

/// <summary>A tier and tax period of an account under one tariff version. Energy in Wh, money in nano.</summary>
/// <param name="TierLimitsWh">Where the steps of its tiers begin, by season, household and part of the period; empty where it has none.</param>
/// <param name="LeviesNano">Levies with names; others are in the energy.</param>
/// <param name="Named">Levies and taxes by name; those that prices include are no part of the charge.</param>
/// <param name="ExportNano">What exported energy brings, below zero where it is a credit.</param>
/// <param name="Export">Null where nothing was exported or carried.</param>
/// <param name="TwoPart">Null under other tariffs.</param>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.PeriodView.v1")]
public sealed record PeriodView(
    [property: Id(0)] int StartDay,
    [property: Id(1)] int Tariff,
    [property: Id(2)] long EnergyWh,
    [property: Id(3)] Int128 EnergyNano,
    [property: Id(4)] Int128 TiersNano,
    [property: Id(5)] Int128 StandingNano,
    [property: Id(6)] Int128 TaxNano,
    [property: Id(7)] Int128 ChargeNano,
    [property: Id(8)] Int128 BookedNano,
    [property: Id(9)] long[] TierLimitsWh,
    [property: Id(10)] Int128 LeviesNano,
    [property: Id(11)] NamedView[] Named,
    [property: Id(12)] Int128 ExportNano = default,
    [property: Id(13)] ExportView? Export = null,
    [property: Id(14)] TwoPartView? TwoPart = null);
