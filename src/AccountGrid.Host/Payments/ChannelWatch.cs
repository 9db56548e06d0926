namespace AccountGrid.Host.Payments;

/// <summary>How the availability of a channel is measured: by its heartbeats, by payments that are booked, and by a probe.</summary>
public sealed record ChannelWatch
{
    /// <summary>Minutes for which a sign of life speaks: after so long without another the channel is not available. 1 to 1,440.</summary>
    public required int SilenceMinutes { get; init; }

    /// <summary>Local time at which the channel opens, <c>HH:mm</c>.</summary>
    public string From { get; init; } = "00:00";

    /// <summary>Local time at which it closes, <c>HH:mm</c>; <c>24:00</c> is midnight.</summary>
    public string To { get; init; } = "24:00";

    /// <summary>Whether it is closed on days that are no working days, by the calendar of the currency's pack.</summary>
    public bool WorkingDaysOnly { get; init; }

    /// <summary>Where the grid asks whether the channel is there; null is nowhere.</summary>
    public ChannelProbe? Probe { get; init; }
}
