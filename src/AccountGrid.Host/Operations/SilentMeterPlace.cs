namespace AccountGrid.Host.Operations;

/// <summary>Where a list of meters goes on: behind a meter of the account at a place of a partition.</summary>
internal readonly record struct SilentMeterPlace(int Partition, int Place, int Meter);
