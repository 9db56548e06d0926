namespace AccountGrid.Host.Operations;

/// <summary>A gateway, and when it last pushed readings.</summary>
/// <param name="LastPushAt">To some minutes.</param>
public sealed record GatewaySeenAnswer(string Gateway, DateTimeOffset LastPushAt);
