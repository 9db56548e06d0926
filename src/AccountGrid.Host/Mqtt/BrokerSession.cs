namespace AccountGrid.Host.Mqtt;

/// <summary>What a connection takes up at the broker.</summary>
/// <param name="ClientId">The session's name.</param>
/// <param name="Shared">Filters of readings, with their share group.</param>
/// <param name="Own">Filters of which this session gets everything but its own messages.</param>
/// <param name="Gone">Filters that an earlier start subscribed to and that are no longer wanted.</param>
/// <param name="StateTopic">Where a Sparkplug host says that it is there; null for none.</param>
internal sealed record BrokerSession(string ClientId, IReadOnlyList<string> Shared, IReadOnlyList<string> Own, IReadOnlyList<string> Gone, string? StateTopic);
