namespace AccountGrid.Host.Payments;

/// <summary>What became of a reversal. The same request again has the same answer.</summary>
/// <param name="Status">
/// <c>done</c>. <c>remembered</c>: the payment was never seen, and can never be accepted now. <c>refused</c>: for <paramref name="RefusedBecause"/>; a person
/// looks at it.
/// </param>
/// <param name="BalanceAfter">Balance right after it; null where no balance changed.</param>
public sealed record ChannelReversalAnswer(
    string ChannelTxnId, string Original, string Status, string? BalanceAfter, string? RefusedBecause = null, string? Detail = null);
