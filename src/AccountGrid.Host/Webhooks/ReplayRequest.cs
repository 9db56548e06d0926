namespace AccountGrid.Host.Webhooks;

/// <summary>What is to be sent again: one event, or everything from an instant on.</summary>
/// <param name="Event">Id of an event.</param>
public sealed record ReplayRequest(string? Event = null, DateTimeOffset? From = null);
