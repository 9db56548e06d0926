namespace AccountGrid.Host.Accounts;

/// <summary>A tier and tax period under one tariff version; money as decimal strings.</summary>
public sealed record PeriodAnswer(string From, string Tariff, int TariffVersion, long EnergyWh, string Energy, string Tiers, string Standing, string Tax,
    string Charge, string Booked);
