namespace AccountGrid.Host.Payments;

/// <summary>How a step of a channel's payment ended.</summary>
/// <param name="Status">What the payment is then.</param>
/// <param name="Answer">What the channel is answered, JSON; null leaves what was answered.</param>
/// <param name="Position">Position of the payment in its account's log.</param>
/// <param name="Partition">Partition of the account.</param>
/// <param name="Because">Why it is held or rejected.</param>
/// <param name="InSuspense">The money is in the channel's suspense account.</param>
internal sealed record ChannelPaymentEnd(
    string Status, string? Answer, long? Position = null, int? Partition = null, Refusal? Because = null, bool InSuspense = false);
