namespace AccountGrid.Host.Notices;

/// <summary>The channel asks to be left alone for a while.</summary>
public sealed class ChannelBusyException(string message, TimeSpan? retryAfter) : Exception(message)
{
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
