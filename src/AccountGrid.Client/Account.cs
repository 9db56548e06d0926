namespace AccountGrid.Client;

/// <summary>An account. Money is in <see cref="Currency"/>.</summary>
/// <param name="Mode"><c>prepaid</c> or <c>postpaid</c>.</param>
/// <param name="Zone">IANA zone of its local days.</param>
/// <param name="LedgerBalance">Balance by the ledger's entries: without what open days have cost so far.</param>
/// <param name="AsOf">When the last record in it was taken into the log.</param>
/// <param name="Version">Rises with every change.</param>
/// <param name="Tariff">The product or agreed tariff that it is on today.</param>
/// <param name="FollowsProduct">Further versions of the product take effect for it on their day.</param>
public sealed record Account(
    string Id, bool Open, string Mode, string Currency, string Zone, decimal Balance, decimal LedgerBalance, decimal Credit, decimal Charged,
    DateTimeOffset AsOf, long Version, IReadOnlyList<MeterState> Meters, string Tariff, int TariffVersion, bool FollowsProduct);
