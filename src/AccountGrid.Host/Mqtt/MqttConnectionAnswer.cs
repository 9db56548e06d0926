namespace AccountGrid.Host.Mqtt;

/// <summary>A profile's connection of this process, and its counts since the process began.</summary>
/// <param name="State"><c>connected</c>, <c>standing by</c> for another process, or what is wrong.</param>
/// <param name="OldestUnacknowledged">When the oldest message that is not acknowledged arrived; null where all are.</param>
/// <param name="WithoutPromise">Messages of QoS 0: the broker delivers each once or never.</param>
/// <param name="Redelivered">Messages that the broker delivered again.</param>
/// <param name="History">Of the readings, those that were kept and sent later.</param>
/// <param name="Skipped">Items without a value that the profile names, or that its conditions leave out.</param>
/// <param name="Overrun">Messages of QoS 0 that were dropped because too many waited.</param>
/// <param name="SessionsLost">How often the broker had forgotten the session, and with it what it kept.</param>
internal sealed record MqttConnectionAnswer(string Profile, string State, DateTimeOffset? OldestUnacknowledged, long Messages, long WithoutPromise,
    long Redelivered, long Readings, long Duplicates, long History, long Skipped, long Overrun, long RepliesLost, long SessionsLost);
