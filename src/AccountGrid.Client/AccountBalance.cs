namespace AccountGrid.Client;

/// <summary>An account's live balance.</summary>
/// <param name="Amount">In <paramref name="Currency"/>; exact, with up to nine decimals.</param>
/// <param name="AsOf">When the last record in it was taken into the log.</param>
/// <param name="Position">The amount is the fold of all records before this position of the account's partition.</param>
/// <param name="Version">Rises with every change of the account.</param>
/// <param name="DaysLeft">Days of supply left by the forecast, in tenths, at most 90; null where it is not known, and for a postpaid account.</param>
public sealed record AccountBalance(
    decimal Amount, string Currency, DateTimeOffset AsOf, long Position, long Version, decimal? DaysLeft, IReadOnlyList<MeterState> Meters);
