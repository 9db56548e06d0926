namespace AccountGrid.Host.Accounts;

/// <param name="AsOf">When the last record in it was taken into the log.</param>
/// <param name="Position">The amount is the fold of all records before this position of the account's partition.</param>
/// <param name="DaysLeft">Days of supply left, in tenths, at most 90: the same forecast that notices and workflows go by. Null where nothing is known yet, and
/// for a postpaid account.</param>
public sealed record BalanceAnswer(string Amount, string Currency, DateTimeOffset AsOf, long Position, long Version, decimal? DaysLeft,
    IReadOnlyList<BalanceMeter> Meters);
