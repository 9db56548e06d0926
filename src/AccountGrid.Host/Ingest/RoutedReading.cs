using AccountGrid.Domain.Readings;

namespace AccountGrid.Host.Ingest;

/// <summary>A reading with the partition that it goes to.</summary>
public readonly record struct RoutedReading(int Partition, Reading Reading);
