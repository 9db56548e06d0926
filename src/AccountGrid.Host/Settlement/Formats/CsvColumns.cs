namespace AccountGrid.Host.Settlement.Formats;

/// <summary>Which column of a CSV is what; null is none.</summary>
/// <param name="Amount">Needed.</param>
/// <param name="Txn">The <c>channelTxnId</c>. One of this and a reference is needed.</param>
/// <param name="Time">One of this and <paramref name="Day"/> is needed.</param>
/// <param name="Day">The business day; without it, the day of the time by the channel's zone and cut-off.</param>
/// <param name="Original">Of a refund: the payment's <c>channelTxnId</c>.</param>
/// <param name="Currency">Without it, all amounts are in the channel's currency.</param>
public sealed record CsvColumns(
    string Amount,
    string? Txn = null,
    string? Time = null,
    string? Day = null,
    string? Account = null,
    string? Fee = null,
    string? Kind = null,
    string? Original = null,
    string? Currency = null);
