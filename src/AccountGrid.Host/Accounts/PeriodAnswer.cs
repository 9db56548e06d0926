namespace AccountGrid.Host.Accounts;

/// <summary>A tier and tax period under one tariff version; money as decimal strings.</summary>
/// <param name="TierLimitsWh">Where the steps of its tiers begin, Wh: by season, household and part of the period. Empty where it has none.</param>
/// <param name="Levies">Levies with names; others are in the energy.</param>
/// <param name="Named">Levies and taxes by name.</param>
/// <param name="Export">What was exported in it; absent where nothing was.</param>
/// <param name="TwoPart">What its capacity or demand charge and its power factor come from; absent under other tariffs.</param>
public sealed record PeriodAnswer(string From, string Tariff, int TariffVersion, long EnergyWh, string Energy, string Tiers, string Standing, string Tax,
    string Charge, string Booked, IReadOnlyList<long> TierLimitsWh, string Levies, IReadOnlyList<NamedAnswer> Named,
    ExportAnswer? Export = null, TwoPartAnswer? TwoPart = null);
