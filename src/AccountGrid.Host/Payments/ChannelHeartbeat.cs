namespace AccountGrid.Host.Payments;

/// <summary>A sign of life of a channel's terminal: availability as the channel sees it.</summary>
/// <param name="Queue">Payments that wait at the terminal to be sent; 0 or more.</param>
public sealed record ChannelHeartbeat(string Terminal, DateTimeOffset At, int Queue);
