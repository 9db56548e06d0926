using System.Text.Json;

namespace AccountGrid.Host.Notices;

/// <summary>A message on its way. Its id does not change over retries and channels.</summary>
/// <param name="Body">The facts it was made of.</param>
/// <param name="Attempt">Attempts on this channel, this one included.</param>
public sealed record OutboxMessage(string Id, string Kind, string Account, JsonElement Body, DateTimeOffset At, int Attempt, string Language = "", string Subject = "", string Text = "");

/// <summary>How far a channel got with a message.</summary>
public enum Delivery
{
    /// <summary>Taken over by somebody who will deliver it.</summary>
    Sent,

    /// <summary>With the customer, by the channel's own word.</summary>
    Delivered,
}

/// <summary>A way to customers. May be given one message twice, under one id.</summary>
public interface IMessageChannel
{
    /// <summary>What contacts name it by: <c>sms</c>, <c>email</c>, <c>webhook</c>, <c>file</c>.</summary>
    string Name { get; }

    /// <summary>It is configured.</summary>
    bool IsOn { get; }

    /// <summary>Longest time that a sending takes before it fails.</summary>
    TimeSpan Timeout => TimeSpan.FromSeconds(30);

    /// <summary>Throws <see cref="ChannelRefusedException"/> where trying again is of no use; anything else is tried again.</summary>
    Task<Delivery> SendAsync(OutboxMessage message, string to, CancellationToken cancel);
}

/// <summary>The channel will never take this message: the next channel's turn.</summary>
public sealed class ChannelRefusedException(string message) : Exception(message);

/// <summary>The channel asks to be left alone for a while.</summary>
public sealed class ChannelBusyException(string message, TimeSpan? retryAfter) : Exception(message)
{
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

/// <summary>One way to a customer, in order of preference.</summary>
/// <param name="Channel">Name of the channel.</param>
/// <param name="To">Number or address there; empty for a webhook, which goes to the company's own endpoint.</param>
public sealed record ContactChannel(string Channel, string To);

/// <summary>When a failed message is tried again. Pure; the last failure on the last channel parks it, and nothing is ever dropped.</summary>
internal static class DeliverySchedule
{
    /// <summary>Attempts on a channel that another one follows: a customer should not wait hours for a dead channel.</summary>
    public const int AttemptsBeforeNextChannel = 3;

    /// <summary>Longest wait that a channel may ask for.</summary>
    private static readonly TimeSpan RetryAfterMax = TimeSpan.FromHours(12);

    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14),
        TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>Time until the next attempt after so many failed on the last channel; null parks the message.</summary>
    /// <param name="jitter">0 to 1: spreads retries over a fifth of the wait, so that an outage is not followed by all at once.</param>
    public static TimeSpan? After(int attempts, double jitter = 0.5, TimeSpan? retryAfter = null)
    {
        if (attempts < 1 || attempts > Waits.Length)
        {
            return null;
        }

        var wait = Waits[attempts - 1] * (0.9 + (0.2 * jitter));
        return retryAfter is { } asked && asked > wait ? (asked < RetryAfterMax ? asked : RetryAfterMax) : wait;
    }
}
