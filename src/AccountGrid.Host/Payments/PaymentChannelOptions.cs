namespace AccountGrid.Host.Payments;

/// <summary>Payment channels; section <c>Channels</c> of the configuration. What one channel does is in its own configuration.</summary>
public sealed class PaymentChannelOptions
{
    /// <summary>Allows probes of channels at addresses of private networks and loopback, and without TLS.</summary>
    public bool ProbeAllowPrivate { get; set; }
}
