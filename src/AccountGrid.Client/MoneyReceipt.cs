namespace AccountGrid.Client;

/// <summary>What a payment, reversal, refund or adjustment came to. The same request under its key gets the same again.</summary>
/// <param name="Id">Names it for ever: partition and position.</param>
/// <param name="Amount">What it moved: positive is credit.</param>
/// <param name="Balance">The balance with it.</param>
/// <param name="Position">Ask for a balance after this position, and it includes it.</param>
public sealed record MoneyReceipt(string Id, decimal Amount, string Currency, decimal Balance, long Position);
