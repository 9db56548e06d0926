namespace AccountGrid.Host.Payments;

/// <param name="Kind">
/// <c>deposit</c> or <c>withdrawal</c>; <c>limit</c>, how far below zero the float may stand; <c>commission</c>, what the agent keeps of a sale.
/// </param>
/// <param name="Amount">Decimal string; for <c>commission</c> a percentage of 0 to 10 with at most four decimals.</param>
/// <param name="Reference">The transfer or the agreement that it rests on, 1 to 128 characters. One reference of a kind counts once.</param>
internal sealed record FloatRequest(string Kind, string Amount, string Reference);
