namespace AccountGrid.Host.Prices;

/// <summary>What came of telling an account of a version.</summary>
/// <param name="State"><c>given</c>, <c>refused</c>, <c>withdrawn</c> (the customer was told that the price does not come) or <c>not-left</c>.</param>
/// <param name="IsLate">The message leaves later than the account's policy pack asks for.</param>
/// <param name="IsWithoutPast">It says nothing of past months.</param>
internal sealed record PriceNoticeRow(int Partition, int Account, string State, bool IsLate = false, bool IsWithoutPast = false);
