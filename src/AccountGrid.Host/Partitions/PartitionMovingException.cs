using AccountGrid.Contracts;

namespace AccountGrid.Host.Partitions;

/// <summary>The partition is on its way to another activation, or cannot reach its database: ask again.</summary>
[GenerateSerializer]
public sealed class PartitionMovingException(string message) : GridUnavailableException(message);
