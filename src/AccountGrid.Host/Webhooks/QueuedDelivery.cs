using AccountGrid.Host.Events;

namespace AccountGrid.Host.Webhooks;

/// <param name="Attempts">So far.</param>
internal readonly record struct QueuedDelivery(EventPlace Place, int Attempts);
