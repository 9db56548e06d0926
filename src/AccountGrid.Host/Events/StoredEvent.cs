namespace AccountGrid.Host.Events;

/// <summary>A public event as it is stored.</summary>
/// <param name="Account">Number of the account.</param>
/// <param name="AtMs">Time in the log, UTC ms.</param>
/// <param name="Happened">What the kind's shape is written from.</param>
internal sealed record StoredEvent(EventPlace Place, int Account, long AtMs, EventKind Kind, object Happened);
