namespace AccountGrid.Host.Payments;

/// <summary>What a part of a payment paid.</summary>
/// <param name="To"><c>debt</c>, <c>lateFee</c>, <c>energy</c> (bills and credit for energy) or <c>suspense</c>.</param>
/// <param name="Amount">Decimal string. The parts sum to the payment.</param>
public sealed record AllocatedPart(string To, string Amount);
