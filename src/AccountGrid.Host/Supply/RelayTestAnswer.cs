namespace AccountGrid.Host.Supply;

/// <param name="Action"><c>on</c> or <c>off</c>.</param>
/// <param name="AskedAt">When it was asked for; its gateway gets it within an hour of that or not at all.</param>
/// <param name="ConfirmedAt">When its gateway reported that the relay did so; null while it has not.</param>
public sealed record RelayTestAnswer(string Meter, string Action, DateTimeOffset AskedAt, DateTimeOffset? ConfirmedAt);
