namespace AccountGrid.Host.Notices;

/// <param name="State"><c>delivered</c> or <c>failed</c>, by the provider's word.</param>
/// <param name="Channel">The channel that speaks; needed where the message was handed to several.</param>
/// <param name="At">When it was so, by the provider's clock. A failure without it does not count where the channel was given the message more than
/// once.</param>
public sealed record DeliveryRequest(string State, string? Channel = null, DateTimeOffset? At = null);
