namespace AccountGrid.Host.Accounts;

/// <param name="Tariff">The product or agreed tariff that it is on today.</param>
/// <param name="TariffVersion">The version that holds today.</param>
/// <param name="FollowsProduct">Further versions of the product take effect for it on their day; false: the version is agreed on.</param>
/// <param name="ContractedCapacity">What is contracted today; absent where there is none.</param>
/// <param name="ContractedUnit">kVA or kW.</param>
public sealed record AccountAnswer(
    string Id, bool Open, string Mode, string Currency, string Zone, string Balance, string LedgerBalance, string Credit, string Charged, DateTimeOffset AsOf,
    long Version, IReadOnlyList<PeriodAnswer> Periods, IReadOnlyList<BalanceMeter> Meters, string Tariff, int TariffVersion, bool FollowsProduct,
    string? ContractedCapacity = null, string? ContractedUnit = null);
