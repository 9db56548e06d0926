namespace AccountGrid.Host.Partitions;

/// <param name="Partition">The meter's partition now.</param>
/// <param name="Account">The account it is on; 0 is none.</param>
public sealed record MeterAddress(int Number, string Id, int Partition, int Account, int Gateway, string GatewayId);
