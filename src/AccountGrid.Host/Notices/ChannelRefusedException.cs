namespace AccountGrid.Host.Notices;

/// <summary>The channel will never take this message: the next channel's turn.</summary>
public sealed class ChannelRefusedException(string message) : Exception(message);
