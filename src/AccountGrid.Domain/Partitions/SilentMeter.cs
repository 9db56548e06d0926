namespace AccountGrid.Domain.Partitions;

/// <summary>A meter whose readings have stopped.</summary>
/// <param name="Place">Of its account, in the order in which the partition's accounts were opened, from 0.</param>
/// <param name="LastMs">Time of its last reading that no person dismissed, UTC ms.</param>
/// <param name="LastWh">Its register then.</param>
public readonly record struct SilentMeter(int Place, int Meter, int Account, long LastMs, long LastWh);
