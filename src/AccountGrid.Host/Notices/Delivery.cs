namespace AccountGrid.Host.Notices;

/// <summary>How far a channel got with a message.</summary>
public enum Delivery
{
    /// <summary>Taken over by somebody who will deliver it.</summary>
    Sent,

    /// <summary>With the customer, by the channel's own word.</summary>
    Delivered,
}
