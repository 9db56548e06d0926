namespace AccountGrid.Host.Payments;

/// <summary>Who paid, as the channel knows it. Stored masked: the last two characters of each remain.</summary>
public sealed record ChannelPayer(string? Name = null, string? Phone = null, string? Id = null);
