using AccountGrid.Domain.Events;

namespace AccountGrid.LoadTest.Years;

/// <summary>An event as the database holds it.</summary>
internal sealed record StoredEvent(long Position, long AtMs, AccountEvent Event);
