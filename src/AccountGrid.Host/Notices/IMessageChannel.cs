namespace AccountGrid.Host.Notices;

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
