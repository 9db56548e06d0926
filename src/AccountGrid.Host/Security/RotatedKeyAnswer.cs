namespace AccountGrid.Host.Security;

/// <param name="Key">The new key; shown once.</param>
public sealed record RotatedKeyAnswer(string Key, DateTimeOffset OldEndsAt);
