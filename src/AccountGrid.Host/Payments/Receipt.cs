namespace AccountGrid.Host.Payments;

/// <summary>A payment of a channel, with what its receipt shows beside the answer.</summary>
internal sealed record Receipt(string Channel, string Tender, DateTimeOffset PaidAt, DateOnly BusinessDay, ChannelPaymentAnswer Answer);
