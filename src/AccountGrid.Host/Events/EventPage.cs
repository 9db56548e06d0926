namespace AccountGrid.Host.Events;

/// <summary>Events behind a cursor.</summary>
/// <param name="Next">Where to go on; also where nothing was found.</param>
/// <param name="HasMore">Whether there was more at the time.</param>
internal sealed record EventPage(List<StoredEvent> Events, EventCursor Next, bool HasMore);
