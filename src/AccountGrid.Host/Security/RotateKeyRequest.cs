namespace AccountGrid.Host.Security;

/// <param name="OverlapMinutes">How long the old key goes on beside the new one; 0 to 10080, a week.</param>
public sealed record RotateKeyRequest(int OverlapMinutes = 60);
