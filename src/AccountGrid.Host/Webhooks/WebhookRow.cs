namespace AccountGrid.Host.Webhooks;

/// <summary>A webhook as its sender needs it.</summary>
/// <param name="Owner">An API key, with all that it was rotated to.</param>
/// <param name="Secrets">Those that sign now, sealed.</param>
/// <param name="SinceMs">Events from before are passed over, UTC ms.</param>
/// <param name="PassedOverTo">From this place on none is passed over; null is that there is no such place.</param>
internal sealed record WebhookRow(
    Guid Id, string Owner, string Url, string[] Kinds, string? Account, bool IsOrdered, string[] Secrets, byte[] Cursor, long SinceMs,
    byte[]? PassedOverTo, int Failures, DateTime? FailingSince, DateTime? NotBefore);
