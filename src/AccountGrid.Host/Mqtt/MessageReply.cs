namespace AccountGrid.Host.Mqtt;

/// <param name="Correlation">What the sender wants to see in it; null where it said nothing.</param>
internal sealed record MessageReply(string Topic, byte[] Body, byte[]? Correlation);
