namespace AccountGrid.Host.Webhooks;

/// <param name="OverlapMinutes">How long the previous secret signs as well, 0 to 10,080. 0 ends all earlier secrets at once, also within an overlap.</param>
public sealed record RotateSecretRequest(int OverlapMinutes = 1_440);
