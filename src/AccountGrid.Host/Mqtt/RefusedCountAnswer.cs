namespace AccountGrid.Host.Mqtt;

/// <param name="Count">Readings, or whole messages, since the grid began. What the broker delivers again after a crash may count twice.</param>
internal sealed record RefusedCountAnswer(string Profile, string Code, long Count, DateTimeOffset LastAt);
