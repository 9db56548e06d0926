namespace AccountGrid.LoadTest.Years;

/// <summary>A message as it came to the person.</summary>
/// <param name="BalanceNano">The balance that it names; null where it was not read.</param>
/// <param name="AmountNano">What it asks for; null is nothing.</param>
internal sealed record Received(string Id, string Kind, long AtMs, bool Proven, long? BalanceNano = null, long? AmountNano = null);
