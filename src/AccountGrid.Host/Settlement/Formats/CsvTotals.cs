namespace AccountGrid.Host.Settlement.Formats;

/// <summary>A line of a CSV that declares counts and sums of the rows that count.</summary>
/// <param name="Starts">How the line begins.</param>
/// <param name="Fields">
/// Field of the line, from 1, by what it is: <c>rows</c>, <c>paymentCount</c>, <c>refundCount</c>, <c>payments</c>, <c>refunds</c>, <c>gross</c> (payments less
/// refunds), <c>fees</c> (kept by the channel), <c>net</c> (gross less fees).
/// </param>
public sealed record CsvTotals(string Starts, IReadOnlyDictionary<string, int> Fields);
