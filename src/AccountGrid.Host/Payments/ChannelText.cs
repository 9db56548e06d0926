namespace AccountGrid.Host.Payments;

/// <summary>A text for the customer in both languages.</summary>
public sealed record ChannelText(string Zh, string En);
