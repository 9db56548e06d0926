using AccountGrid.Host.Events;

namespace AccountGrid.Host.Webhooks;

/// <summary>What a process knows of a webhook while it holds it. Whoever holds it next finds it out again.</summary>
internal sealed class WebhookHold(Guid id, Guid token, TimeSpan lease)
{
    public Guid Id { get; } = id;

    public Guid Token { get; } = token;

    public TimeSpan Lease { get; } = lease;

    /// <summary>Up to where the list was read; what is stored may stand a little before it, where nothing was found.</summary>
    public EventCursor? Cursor { get; set; }

    public DateTimeOffset CursorSavedAt { get; set; }

    /// <summary>The key in force that the owner's was rotated to; null is the owner's own.</summary>
    public string? RotatedTo { get; set; }

    /// <summary>Events that were not taken since the last that was.</summary>
    public HashSet<EventPlace> Failed { get; } = [];

    /// <summary>Failures since the last success that say something of the receiver, and not of an event.</summary>
    public int TargetFailures { get; set; }

    /// <summary>Rounds without success since the receiver is taken to be away.</summary>
    public int AwayRounds { get; set; }
}
