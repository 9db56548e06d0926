namespace AccountGrid.Host.Accounts;

public sealed record AccountAnswer(
    string Id, bool Open, string Mode, string Currency, string Zone, string Balance, string LedgerBalance, string Credit, string Charged, DateTimeOffset AsOf,
    long Version, IReadOnlyList<PeriodAnswer> Periods, IReadOnlyList<BalanceMeter> Meters);
